package dev.tagma.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Runtimes end in the middle of missions. */
@Scenarios(number = 2, value = "Runtime pods end")
class RuntimePodsE2E {
    private static final int KILLS = 5;
    private static final Duration TAKEOVER = Duration.ofSeconds(3);

    private final Outside outside;

    RuntimePodsE2E(Outside outside) {
        this.outside = outside;
    }

    @Test
    void aRuntimeIsKilledAndOthersGoOnWithItsMissions() {
        try (Fleet fleet = new Fleet("e2e-killed", outside, 2, 40)) {
            List<Long> takeovers = new ArrayList<>();
            for (int i = 0; i < KILLS; i++) {
                fleet.apply(8);
                fleet.awaitAllUnderWay();
                Pod victim = Pods.runtimes(fleet.namespace()).get(i % 2);
                List<String> missions = fleet.runningOn(Pods.name(victim));
                int restarts = Pods.restarts(victim);
                Instant killed = Instant.now();
                Pods.kill(victim);
                takeovers.addAll(fleet.awaitTakeover(missions, killed));
                Waiting.atMost(Fleet.PATIENCE, "the killed runtime to be back")
                        .until(() -> Pods.restarts(victim) > restarts && Pods.ready(victim));
            }
            fleet.judge();
            Takeovers.report("takeover after SIGKILL of a runtime", takeovers, TAKEOVER);
        }
    }

    @Test
    void aRuntimeIsDeleted() {
        try (Fleet fleet = new Fleet("e2e-deleted", outside, 2, 20)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            Pods.delete(Pods.runtimes(fleet.namespace()).getFirst());
            fleet.judge();
        }
    }

    @Test
    void aRuntimeIsKilledByItsMemoryLimit() {
        // a heap beyond the limit, of which the collector frees nothing before it is full
        String greedy = """
                {missionsPerPod: 20, resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 288Mi}}, \
                template: {spec: {containers: [{name: runtime, env: [{name: JDK_JAVA_OPTIONS, value: "-Xms2g -Xmx2g -Xmn1500m"}]}]}}}\
                """;
        try (Fleet fleet = new Fleet("e2e-oom", outside, 2, 60, greedy)) {
            Waiting.atMost(Duration.ofMinutes(3), "a runtime to be killed for its memory")
                    .until(() -> {
                        fleet.keepBusy(20);
                        return Pods.runtimes(fleet.namespace()).stream().anyMatch(RuntimePodsE2E::wasOutOfMemory);
                    });
            fleet.judge();
        }
    }

    @Test
    void allRuntimesAreKilledAtOnce() {
        try (Fleet fleet = new Fleet("e2e-all-killed", outside, 3, 20)) {
            fleet.apply(12);
            fleet.awaitAllUnderWay();
            Pods.runtimes(fleet.namespace()).forEach(Pods::kill);
            fleet.judge();
        }
    }

    private static boolean wasOutOfMemory(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getLastState)
                .filter(Objects::nonNull)
                .anyMatch(last -> last.getTerminated() != null
                        && "OOMKilled".equals(last.getTerminated().getReason()));
    }
}

package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.bench.ApiServerFigures;
import dev.tagma.bench.FirstCalls;
import dev.tagma.chart.Chart;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** From nothing to a mission that has succeeded, by the commands of README.md; and how long missions take there. */
@Scenarios(installed = false, number = 1, value = "From helm install to missions that succeed")
@TestMethodOrder(OrderAnnotation.class)
class InstallE2E {
    private static final Duration FIRST_MISSION = Duration.ofSeconds(60);
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final int MISSIONS = 200;
    private static final long IDLE_BYTES = 150_000_000;
    private static final String NAMESPACE = "e2e-latency";

    private final Outside outside;

    InstallE2E(Outside outside) {
        this.outside = outside;
    }

    @Test
    @Order(1)
    void theCommandsOfTheReadmeLeadToAMissionThatSucceeded() throws IOException {
        Suite.helm("uninstall", Chart.RELEASE, "-n", Tagma.NAMESPACE, "--ignore-not-found", "--wait")
                .ok();
        Instant began = Instant.now();
        List<String> commands = Readme.commands("install");
        assertThat(commands).anyMatch(command -> command.startsWith("helm install"));
        for (String command : commands) {
            Readme.run(command, Map.of("helm install", " " + String.join(" ", Tagma.VALUES)))
                    .ok();
        }
        Duration took = Duration.between(began, Instant.now());
        Report.figure("helm install to the first mission that succeeded", Report.seconds(took), "≤ 60 s");
        try {
            assertThat(took).isLessThan(FIRST_MISSION);
            assertThat(Suite.kubectl("get", "mission", "hello", "-o", "jsonpath={.status.result.summary}")
                            .ok())
                    .isEqualTo("It is exactly 0.3.");
        } finally {
            Suite.kubectl("delete", "-f", "samples/hello", "--timeout=60s").ok();
        }
    }

    @Test
    @Order(2)
    void operatorAndGatewayAreSmallWhileNothingRuns() {
        Tagma.installed();
        idle("");
    }

    private static void idle(String when) {
        for (String component : List.of("operator", "gateway")) {
            List<Pod> pods = Tagma.pods(component);
            assertThat(pods).isNotEmpty();
            for (Pod pod : pods) {
                long bytes = Pods.residentBytes(pod);
                assertThat(bytes).isPositive();
                Report.figure(
                        "idle memory of " + component + when,
                        bytes / 1_000_000 + " MB RSS",
                        Report.goal("≤ " + IDLE_BYTES / 1_000_000 + " MB", bytes <= IDLE_BYTES));
            }
        }
    }

    @Test
    @Order(3)
    void itsProcessesUseWhatTheJvmLearntWhenTheImageWasBuilt() {
        Tagma.installed();
        for (String component : List.of("operator", "gateway")) {
            assertThat(Tagma.pods(component)).isNotEmpty().allMatch(pod -> Pods.maps(pod, "/opt/tagma/tagma.aot"));
        }
    }

    @Test
    @Order(4)
    void missionsBeginSoonAfterTheyAreApplied() {
        Tagma.installed();
        Suite.kubectl("create", "namespace", NAMESPACE).ok();
        try {
            Suite.apply(NAMESPACE, pool());
            Suite.kubectl("wait", "-n", NAMESPACE, "agentpool/default", "--for=condition=Ready", "--timeout=180s")
                    .ok();
            Map<String, Instant> applied = new HashMap<>();
            Map<String, Instant> ready = new ConcurrentHashMap<>();
            try (var watch = Suite.client()
                    .resources(Mission.class)
                    .inNamespace(NAMESPACE)
                    .watch(new Ready(ready))) {
                for (int i = 0; i < MISSIONS; i++) {
                    String name = "m" + i;
                    Mission mission = ApiServerFigures.mission(NAMESPACE, name, FirstCalls.goal(i));
                    applied.put(name, Instant.now());
                    Suite.client().resource(mission).create();
                    Waiting.atMost(SETTLED, name + " to be ready").until(() -> ready.containsKey(name));
                }
            }
            Map<String, Instant> asked = outside.firstAsked();
            List<Long> toCall = new ArrayList<>();
            List<Long> toReady = new ArrayList<>();
            for (int i = 0; i < MISSIONS; i++) {
                toCall.add(Duration.between(applied.get("m" + i), asked.get(FirstCalls.goal(i)))
                        .toMillis());
                toReady.add(Duration.between(applied.get("m" + i), ready.get("m" + i))
                        .toMillis());
            }
            toCall.sort(null);
            toReady.sort(null);
            boolean soon = Takeovers.percentile(toCall, 50) <= 100 && Takeovers.percentile(toCall, 99) <= 500;
            figure("apply to first model call", toCall, Report.goal("p50 ≤ 100 ms, p99 ≤ 500 ms", soon));
            figure("apply to condition Ready", toReady, "-");
            idle(", after them");
        } finally {
            Suite.kubectl("delete", "namespace", NAMESPACE, "--timeout=120s").ok();
        }
    }

    private static void figure(String name, List<Long> sorted, String goal) {
        Report.figure(
                "%s, p50 / p99 of %d missions".formatted(name, sorted.size()),
                Report.millis(Takeovers.percentile(sorted, 50)) + " / "
                        + Report.millis(Takeovers.percentile(sorted, 99)),
                goal);
    }

    private String pool() {
        return """
                apiVersion: tagma.dev/v1alpha1
                kind: ModelProvider
                metadata: {name: outside}
                spec: {type: OpenAI, endpoint: "http://%s/v1"}
                ---
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: default}
                spec:
                  models: [{name: primary, providerRef: {name: outside}, model: bench}]
                  agents: [{name: clerk, instructions: Answer., models: [primary]}]
                  runtime: %s
                """.formatted(outside.models(), Fleet.SMALL);
    }

    /** Notes when each mission is ready. */
    private record Ready(Map<String, Instant> at) implements Watcher<Mission> {
        @Override
        public void eventReceived(Action action, Mission mission) {
            if (mission.getStatus() == null || mission.getStatus().conditions() == null) {
                return;
            }
            boolean ready = mission.getStatus().conditions().stream()
                    .anyMatch(each -> each.type().equals("Ready") && each.status() == Condition.Status.True);
            if (ready) {
                at.putIfAbsent(mission.getMetadata().getName(), Instant.now());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            System.out.println("e2e: the watch of missions ended: " + cause);
        }
    }
}

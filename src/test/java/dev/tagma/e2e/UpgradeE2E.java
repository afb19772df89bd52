package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.Witness;
import dev.tagma.kube.Command;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The version of Tagma changes while missions are in flight: program, chart, values and CRDs. */
@Scenarios(number = 7, value = "Upgrade and rollback")
class UpgradeE2E {
    private static final int MISSIONS = 100;
    private static final int RUNTIMES = 2;
    private static final int TURNS = 30;
    private static final String THINKING = "3s..4s";
    private static final String ROOM =
            "{missionsPerPod: 60, resources: {requests: {cpu: 50m, memory: 256Mi}, limits: {memory: 512Mi}}}";
    private static final Duration ROLLOUT = Duration.ofMinutes(4);

    private final Outside outside;

    UpgradeE2E(Outside outside) {
        this.outside = outside;
    }

    private Path previous;
    /** Whether the release is this version, and was the previous one before. */
    private boolean upgraded;

    @BeforeAll
    void start() {
        previous = Previous.chart();
    }

    @AfterAll
    void end() {
        Tagma.upgrade().ok();
        Tagma.awaitReady();
    }

    @Test
    void anUpgradeWithOneHundredMissionsInFlight() throws Exception {
        toPrevious();
        try (Fleet fleet = fleet("e2e-upgrade")) {
            assertThat(applyNewField(fleet).err()).contains("unknown field \"spec.agents[0].version\"");
            change(fleet, "helm upgrade", Tagma::upgrade);
            upgraded = true;
            Waiting.atMost(Duration.ofSeconds(30), "the new CRDs to be served")
                    .until(() -> applyNewField(fleet).exit() == 0);
            assertThat(Suite.kubectl("explain", Previous.NEW_FIELD).ok()).contains("FIELD: version");
            assertThat(newField(fleet)).isEqualTo("1.2.3");
        }
    }

    @Test
    void aRollbackWithOneHundredMissionsInFlight() throws Exception {
        if (!upgraded) {
            toPrevious();
            Tagma.upgrade().ok();
            Tagma.awaitReady();
        }
        try (Fleet fleet = fleet("e2e-rollback")) {
            applyNewField(fleet).ok();
            upgraded = false;
            change(fleet, "helm rollback", Tagma::rollback);
            Waiting.atMost(Duration.ofSeconds(30), "the former CRDs to be served")
                    .until(() -> newField(fleet).isEmpty());
            assertThat(Suite.kubectl("get", "agentpools,missions", "-n", fleet.namespace())
                            .ok())
                    .contains("agentpool.tagma.dev/versioned", "agentpool.tagma.dev/default");
        }
    }

    private Fleet fleet(String namespace) {
        Fleet fleet = new Fleet(namespace, outside, RUNTIMES, TURNS, ROOM, THINKING);
        fleet.apply(MISSIONS);
        fleet.awaitAllUnderWay();
        return fleet;
    }

    private void toPrevious() {
        upgraded = false;
        Tagma.upgradeTo(previous, "--set", "logLevel=DEBUG").ok();
        Tagma.awaitReady();
    }

    /** Lets the version change under this fleet, whose missions must end as if nothing had happened. */
    private void change(Fleet fleet, String what, Supplier<Command.Result> command) throws Exception {
        String before = Tagma.image();
        List<String> postgres = uids(Tagma.pods("postgres"));
        Milestones milestones = new Milestones(fleet);
        assertThat(milestones.inFlight()).isEqualTo(MISSIONS);
        Instant began = Instant.now();
        Duration without;
        Instant helmDone;
        try (Availability gateways = new Availability()) {
            command.get().ok();
            helmDone = Instant.now();
            String image = Tagma.image();
            assertThat(image).isNotEqualTo(before);
            Waiting.atMost(ROLLOUT, "every runtime to run " + image).until(() -> allRun(fleet, image));
            without = gateways.without();
        }
        Instant rolled = Instant.now();
        assertThat(new Milestones(fleet).inFlight())
                .as("missions in flight when every process was of the other version")
                .isPositive();
        assertThat(uids(Tagma.pods("postgres")))
                .as("the pod of Postgres, which is of no version")
                .isEqualTo(postgres);
        fleet.judge();
        milestones.assertKept();
        Report.figure(what + " with 100 missions in flight", Report.seconds(Duration.between(began, helmDone)), "-");
        Report.figure(
                what + ": until every runtime is of the other version",
                Report.seconds(Duration.between(began, rolled)),
                "-");
        Report.figure(what + ": time without a ready gateway", Report.millis(without.toMillis()), "0 ms");
        standstills(what, fleet, began, rolled);
        assertThat(without).isZero();
    }

    /** The longest time between two calls of a mission's tools, while the version changed. */
    private void standstills(String what, Fleet fleet, Instant from, Instant to) {
        Map<String, List<Witness.Call>> byMission = fleet.calls(fleet.uids()).stream()
                .collect(Collectors.groupingBy(call -> call.key().split("/")[0]));
        List<Long> longest = new ArrayList<>();
        byMission.values().forEach(calls -> {
            long most = 0;
            for (int i = 1; i < calls.size(); i++) {
                Instant before = calls.get(i - 1).at();
                Instant after = calls.get(i).at();
                if (after.isAfter(from) && before.isBefore(to)) {
                    most = Math.max(most, Duration.between(before, after).toMillis());
                }
            }
            longest.add(most);
        });
        longest.sort(null);
        Report.figure(
                what + ": a mission's longest pause between two calls, p50 / p99",
                Report.millis(Takeovers.percentile(longest, 50)) + " / "
                        + Report.millis(Takeovers.percentile(longest, 99)),
                "4,000 ms undisturbed");
    }

    private static boolean allRun(Fleet fleet, String image) {
        List<Pod> pods = Suite.client()
                .pods()
                .inNamespace(fleet.namespace())
                .withLabel("app.kubernetes.io/component", "runtime")
                .list()
                .getItems();
        return pods.size() == RUNTIMES
                && pods.stream()
                        .allMatch(pod -> Readiness.isPodReady(pod)
                                && pod.getSpec()
                                        .getContainers()
                                        .getFirst()
                                        .getImage()
                                        .equals(image));
    }

    private static List<String> uids(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    private static Command.Result applyNewField(Fleet fleet) {
        return Suite.kubectlWithInput("""
                apiVersion: tagma.dev/v1alpha1
                kind: AgentPool
                metadata: {name: versioned}
                spec:
                  replicas: 0
                  models: [{name: primary, providerRef: {name: scripted}, model: any}]
                  agents: [{name: clerk, instructions: Do it., models: [primary], version: 1.2.3}]
                """, "apply", "-n", fleet.namespace(), "-f", "-");
    }

    private static String newField(Fleet fleet) {
        return Suite.kubectl(
                        "get",
                        "agentpool/versioned",
                        "-n",
                        fleet.namespace(),
                        "-o",
                        "jsonpath={.spec.agents[0].version}")
                .ok();
    }
}

package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runtimes are moved on purpose: their missions move along, each from its last step. */
@Scenarios(number = 6, value = "Runtimes are moved")
class MovesE2E {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Outside outside;

    MovesE2E(Outside outside) {
        this.outside = outside;
    }

    @Test
    void aNodeIsDrained() {
        try (Fleet fleet = new Fleet("e2e-drain", outside, 3, 60)) {
            fleet.apply(15);
            fleet.awaitAllUnderWay();
            Map<String, String> owners = fleet.owners();
            String node = Pods.runtimes(fleet.namespace()).stream()
                    .map(pod -> pod.getSpec().getNodeName())
                    .filter(name -> !name.equals(
                            Tagma.pods("postgres").getFirst().getSpec().getNodeName()))
                    .findFirst()
                    .orElseThrow();
            try {
                Suite.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s")
                        .ok();
                assertThat(Pods.runtimes(fleet.namespace()))
                        .allSatisfy(
                                pod -> assertThat(pod.getSpec().getNodeName()).isNotEqualTo(node));
            } finally {
                Suite.kubectl("uncordon", node).ok();
            }
            fleet.judge();
            fleet.assertMoved(owners);
            fleet.assertNothingUnknown();
        }
    }

    @Test
    void thePoolsRuntimesAreRolledOut() {
        try (Fleet fleet = new Fleet("e2e-rollout", outside, 2, 60)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            Map<String, String> owners = fleet.owners();
            List<String> before = names(fleet);
            Suite.kubectl(
                            "patch",
                            "-n",
                            fleet.namespace(),
                            "agentpool/default",
                            "--type=merge",
                            "-p",
                            "{\"spec\": {\"runtime\": {\"template\": {\"metadata\": {\"annotations\": {\"rolled\": \"out\"}}}}}}")
                    .ok();
            Waiting.atMost(PATIENCE, "new runtimes alone")
                    .until(() ->
                            names(fleet).size() == 2 && names(fleet).stream().noneMatch(before::contains));
            fleet.judge();
            fleet.assertMoved(owners);
            fleet.assertNothingUnknown();
        }
    }

    @Test
    void thePoolIsScaledFromFourToOne() {
        try (Fleet fleet = new Fleet("e2e-scale", outside, 4, 60)) {
            fleet.apply(16);
            fleet.awaitAllUnderWay();
            Map<String, String> owners = fleet.owners();
            Suite.kubectl("scale", "-n", fleet.namespace(), "agentpool/default", "--replicas=1")
                    .ok();
            Waiting.atMost(PATIENCE, "one runtime alone")
                    .until(() -> names(fleet).size() == 1);
            fleet.judge();
            fleet.assertMoved(owners);
            fleet.assertNothingUnknown();
        }
    }

    private static List<String> names(Fleet fleet) {
        return Pods.runtimes(fleet.namespace()).stream().map(Pods::name).toList();
    }
}

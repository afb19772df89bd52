package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Operator and gateways end in the middle of missions. */
@Scenarios(number = 3, value = "Operator and gateways end")
class ControlPlaneE2E {
    private static final Duration AWAY = Duration.ofSeconds(20);

    private final Outside outside;

    ControlPlaneE2E(Outside outside) {
        this.outside = outside;
    }

    @Test
    void theOperatorIsKilledAndStatusesCatchUp() {
        try (Fleet fleet = new Fleet("e2e-operator", outside, 2, 25)) {
            fleet.apply(8);
            fleet.awaitAllUnderWay();
            Tagma.pods("operator").forEach(Pods::kill);
            fleet.apply(8);
            fleet.judge();
        }
    }

    @Test
    void theGatewayThatDispatchesIsKilled() {
        // the lease is held while missions wait for a slot
        String crowded = Fleet.SMALL.replace("missionsPerPod: 20", "missionsPerPod: 5");
        try (Fleet fleet = new Fleet("e2e-dispatcher", outside, 2, 40, crowded)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            fleet.apply(5);
            Pod dispatcher = Waiting.atMost(Fleet.PATIENCE, "a gateway to hold the dispatch lease")
                    .until(Tagma::dispatcher, Optional::isPresent)
                    .orElseThrow();
            Instant killed = Instant.now();
            Pods.kill(dispatcher);
            Instant last = fleet.awaitFirstCallOfNewMissions(5);
            Report.figure(
                    "killed dispatcher: until those had begun that waited for a slot, with the ends of the missions before them",
                    Report.seconds(Duration.between(killed, last)),
                    "");
            fleet.judge();
        }
    }

    @Test
    void allGatewaysAreAwayForTwentySeconds() {
        try (Fleet fleet = new Fleet("e2e-gateways", outside, 2, 40)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            Instant until = Instant.now().plus(AWAY);
            while (Instant.now().isBefore(until)) {
                List<Pod> gateways = Tagma.pods("gateway");
                gateways.forEach(Pods::killWhatRuns);
                Waiting.pause();
            }
            assertThat(Tagma.pods("gateway")).isNotEmpty();
            fleet.judge();
        }
    }
}

package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Operator and gateways end in the middle of missions. */
@Scenarios(number = 3, value = "Operator and gateways end")
class ControlPlaneE2E {
    private static final Duration AWAY = Duration.ofSeconds(20);

    private Outside outside;

    @BeforeAll
    void start() {
        Tagma.installed();
        outside = Outsides.start();
    }

    @AfterAll
    void end() {
        outside.close();
        Tagma.awaitReady();
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
        try (Fleet fleet = new Fleet("e2e-dispatcher", outside, 2, 40)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            Pod dispatcher = Tagma.dispatcher();
            Instant killed = Instant.now();
            Pods.kill(dispatcher);
            fleet.apply(5);
            Instant first = fleet.awaitFirstCallOfNewMissions(5);
            Report.figure(
                    "killed dispatcher: until missions applied then had begun",
                    Report.seconds(Duration.between(killed, first)),
                    "dispatch lease 1.5 s");
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
                gateways.stream().filter(Pods::hasProcess).forEach(Pods::kill);
                Waiting.pause();
            }
            assertThat(Tagma.pods("gateway")).isNotEmpty();
            fleet.judge();
        }
    }
}

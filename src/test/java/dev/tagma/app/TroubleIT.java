package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.StepKind;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in trouble while missions run. */
class TroubleIT {
    private static final String TWENTY_TURNS = """
            - when: {turn: 0..19}
              reply: {toolCalls: [{tool: put, arguments: {turn: "{{turn}}"}}]}
            - reply: {text: "done"}
            """;

    @TempDir
    private Path directory;

    @Test
    void missionsWaitWhilePostgresIsAwayFor20sAndGoOn() throws Exception {
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ofMillis(50));
                TestPostgres postgres = TestPostgres.own();
                Rig rig = rig(postgres, witness, 10)) {
            rig.submit(rig.system("only"));
            rig.await(Duration.ofSeconds(60), () -> witness.calls().size() > 30);
            postgres.stop();
            long away = System.nanoTime();
            Rig.waiting(Duration.ofSeconds(30)).until(() -> System.nanoTime() - away > 20_000_000_000L);
            postgres.start();
            for (MissionRecord mission : rig.succeed(Duration.ofSeconds(60))) {
                assertThat(mission.attempts()).isZero();
                assertThat(rig.count(mission, StepKind.Observation)).isEqualTo(20);
                assertThat(rig.steps(mission))
                        .as("nobody was declared dead: the store was away, not the runtime")
                        .allSatisfy(step -> assertThat(step.epoch())
                                .isEqualTo(rig.steps(mission).getFirst().epoch()));
                assertThat(new ChainVerifier(rig.observer().steps()).verify(mission, List.of()))
                        .isInstanceOf(ChainVerifier.Verdict.Intact.class);
            }
            assertThat(witness.calls()).hasSize(10 * 20);
        }
    }

    @Test
    void missionsGoOnAfterPostgresCrashed() throws Exception {
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ofMillis(20));
                TestPostgres postgres = TestPostgres.own();
                Rig rig = rig(postgres, witness, 10)) {
            rig.submit(rig.system("only"));
            for (int crash = 1; crash <= 3; crash++) {
                int seen = 40 * crash;
                rig.await(Duration.ofSeconds(60), () -> witness.calls().size() > seen);
                postgres.kill();
                postgres.start();
            }
            rig.succeed(Duration.ofSeconds(60));
            assertThat(witness.calls()).hasSize(10 * 20);
        }
    }

    private static Rig rig(TestPostgres postgres, Witness witness, int missions) {
        StringBuilder yaml = new StringBuilder(Manifests.pool(
                TWENTY_TURNS, Manifests.witnessed("put", witness, "PUT", "sideEffects: Idempotent"), "put"));
        for (int i = 0; i < missions; i++) {
            yaml.append(Manifests.mission("m" + i, "{goal: go, maxIterations: 30, timeout: 10m}"));
        }
        return new Rig(postgres.fresh(), yaml.toString());
    }
}

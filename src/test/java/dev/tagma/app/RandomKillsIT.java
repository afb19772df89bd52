package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.MissionRecord;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import dev.tagma.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes on one Postgres, one of them killed again and again at a random moment. The witness is a tool server that notes each
 * call: nothing that was committed is executed again, and no call with side effects begins twice.
 */
class RandomKillsIT {
    private static final int KILLS = 50;
    private static final int MISSIONS = 24;
    private static final int TURNS = 60;

    @TempDir
    private Path directory;

    @Test
    void noCommittedStepExecutesTwice() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DatabaseSettings database = TestPostgres.shared().fresh();
        try (Witness witness = new Witness(directory.resolve("witness.log"), Duration.ofMillis(20));
                PostgresStore stores = PostgresStore.open(database)) {
            String url = database.url().replaceFirst("jdbc:postgresql://", "postgresql://" + database.user() + "@");
            Path manifests = Files.writeString(directory.resolve("missions.yaml"), manifests(witness));
            Path output = Files.createFile(directory.resolve("output.log"));
            String[] arguments = {"run", "-f", manifests.toString(), "--database", url};
            Worker[] workers = {Worker.tagma(output, arguments), Worker.tagma(output, arguments)};
            int kills = 0;
            try {
                while (kills < KILLS) {
                    int seen = witness.calls().size();
                    awaitCalls(witness, seen + 1 + random.nextInt(20), workers);
                    LockSupport.parkNanos(random.nextLong(100_000_000));
                    int victim = random.nextInt(2);
                    workers[victim].kill();
                    workers[victim] = Worker.tagma(output, arguments);
                    kills++;
                }
                assertThat(workers[0].exit(240))
                        .as("seed %d, printed:%n%s", seed, Files.readString(output))
                        .isZero();
                assertThat(workers[1].exit(60))
                        .as("seed %d, printed:%n%s", seed, Files.readString(output))
                        .isZero();
            } finally {
                workers[0].close();
                workers[1].close();
            }
            assertThat(kills).isEqualTo(KILLS);
            judge(stores, witness.calls(), seed);
        }
    }

    private static void awaitCalls(Witness witness, int wanted, Worker[] workers) throws Exception {
        Instant patience = Instant.now().plusSeconds(60);
        while (witness.calls().size() < wanted) {
            assertThat(Instant.now()).as(() -> "no progress").isBefore(patience);
            assertThat(workers[0].alive() || workers[1].alive())
                    .as("the missions ended before the kills did: make them longer")
                    .isTrue();
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void judge(PostgresStore stores, List<Witness.Call> calls, long seed) {
        List<MissionRecord> missions = stores.missions().changes(0, 1000);
        assertThat(missions).hasSize(MISSIONS);
        WitnessedRuns.Tally tally = WitnessedRuns.check(stores, missions, calls, "seed " + seed);
        assertThat(tally.observations()).isEqualTo(MISSIONS * TURNS * 2);
        System.out.printf(
                "RandomKillsIT: %d kills, %d missions, %d observations, %d calls, %d outcomes unknown (seed %d)%n",
                KILLS, MISSIONS, tally.observations(), calls.size(), tally.unknown(), seed);
    }

    private static String manifests(Witness witness) {
        String rules = """
                - when: {turn: 0..%d}
                  latency: 10ms..40ms
                  reply:
                    toolCalls:
                    - {tool: pay, arguments: {turn: "{{turn}}"}}
                    - {tool: put, arguments: {turn: "{{turn}}"}}
                - reply: {text: "done after {{turn}} turns"}
                """.formatted(TURNS - 1);
        String tools = Manifests.witnessed("pay", witness, "POST", "sideEffects: NonIdempotent")
                + Manifests.witnessed("put", witness, "PUT", "sideEffects: Idempotent");
        StringBuilder yaml = new StringBuilder(Manifests.pool(rules, tools, "pay", "put"));
        for (int i = 0; i < MISSIONS; i++) {
            yaml.append(Manifests.mission("m" + i, "{goal: Pay., maxIterations: 100, timeout: 30m}"));
        }
        return yaml.toString();
    }
}

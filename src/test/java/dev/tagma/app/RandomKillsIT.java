package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.ChainVerifier;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import dev.tagma.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
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
                assertThat(workers[0].exit(240)).as(() -> "seed " + seed).isZero();
                assertThat(workers[1].exit(60)).isZero();
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
        Map<String, List<Witness.Call>> byKey = calls.stream().collect(Collectors.groupingBy(Witness.Call::key));
        List<MissionRecord> missions = stores.missions().changes(0, 1000);
        assertThat(missions).hasSize(MISSIONS);
        int observations = 0;
        int unknown = 0;
        Map<String, Integer> executed = new HashMap<>();
        for (MissionRecord mission : missions) {
            assertThat(mission.phase()).as(() -> "seed " + seed + " " + mission).isEqualTo(Phase.Succeeded);
            Map<Long, Step> replies = new HashMap<>();
            for (Step step : stores.steps().read(mission.id(), 0, 100_000)) {
                if (step.kind() == StepKind.ModelReply) {
                    replies.put(step.seq(), step);
                } else if (step.kind() == StepKind.Observation) {
                    observations++;
                    Observation observation = (Observation) StepCodec.decode(step.kind(), step.content());
                    String key = mission.uid() + "/"
                            + replies.get(observation.reply()).digest().hex() + "/" + observation.callId();
                    List<Witness.Call> made = byKey.getOrDefault(key, List.of());
                    if (observation.tool().equals("pay")) {
                        unknown += observation.result() == Observation.Result.Unknown ? 1 : 0;
                        assertThat(made)
                                .as(() -> "seed " + seed + ": calls of pay under " + key)
                                .hasSizeLessThanOrEqualTo(1);
                    }
                    if (observation.result() == Observation.Result.Ok) {
                        assertThat(made)
                                .as(() -> "seed " + seed + ": calls under " + key)
                                .isNotEmpty();
                    }
                    assertThat(made)
                            .as(() -> "seed " + seed + ": executed after it was committed, under " + key)
                            .allSatisfy(call -> assertThat(call.at()).isBeforeOrEqualTo(step.committedAt()));
                    executed.merge(key, made.size(), Integer::sum);
                }
            }
            assertThat(new ChainVerifier(stores.steps()).verify(mission, List.of()))
                    .isInstanceOf(ChainVerifier.Verdict.Intact.class);
        }
        assertThat(observations).isEqualTo(MISSIONS * TURNS * 2);
        assertThat(byKey.keySet())
                .as("calls of replies that are not in the log")
                .isSubsetOf(executed.keySet());
        System.out.printf(
                "RandomKillsIT: %d kills, %d missions, %d observations, %d calls, %d outcomes unknown (seed %d)%n",
                KILLS, MISSIONS, observations, calls.size(), unknown, seed);
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

package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.app.Manifests;
import dev.tagma.app.SampleService;
import dev.tagma.app.Witness;
import dev.tagma.app.WitnessedRuns;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Reason;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operators, gateways and runtimes as processes on a real API server and a real Postgres, killed again and again while kubectl applies
 * missions and waits for them. The witness is a tool server that notes each call.
 */
@Timeout(1200)
class ThreeRolesIT {
    private static final int KILLS_OF_EACH_ROLE = 11;
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration ALL_KILLS = Duration.ofMinutes(15);
    private static final int BATCH = 6;
    private static final int TURNS = 20;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private final Deque<String> samples = new ArrayDeque<>(List.of("hello", "emissions", "failover", "triage"));
    private int applied;

    @Test
    void noStepIsLostOrDoubledWhileEachRoleIsKilled() throws IOException {
        long seed = System.nanoTime();
        try (Witness witness = new Witness(directory.resolve("witness.log"), Duration.ofMillis(20));
                SampleService service = new SampleService(directory.resolve("service.log"));
                Cluster cluster = Cluster.own();
                ThreeRoles roles = new ThreeRoles(cluster, TestPostgres.shared(), directory, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                roles.awaitReady();
                String work = cluster.newNamespace("work");
                cluster.kubectlWithInput(pool(witness), "apply", "-n", work, "-f", "-")
                        .ok();
                cluster.kubectl("scale", "-n", work, "agentpool/default", "--replicas=2")
                        .ok();
                applyWhatKeepsBusy(roles, work);
                CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                        () -> ThreeRoles.waiting(ALL_KILLS).untilAsserted(() -> waitFor(cluster, work, "mission/m0")),
                        threads);
                RandomKills kills = new RandomKills(roles, KILLS_OF_EACH_ROLE, new Random(seed));
                while (kills.left()) {
                    applySample(cluster);
                    awaitProgress(roles, work, witness, kills);
                    kills.kill();
                }
                waiting.join();
                awaitSuccess(roles, work, applied);
                awaitSuccess(roles, "samples", 1);
                judge(roles, work, witness, "seed " + seed);
                assertThat(service.calls().stream()
                                .filter(call -> call.startsWith("POST /notify/"))
                                .map(call -> call.split(" ")[1]))
                        .as("teams notified")
                        .doesNotHaveDuplicates();
                System.out.printf("ThreeRolesIT: kills %s (seed %d)%n", kills.done(), seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + roles.printed(), e);
            }
        }
    }

    /** Missions are added meanwhile: those under way may end before they have made so many calls. */
    private void awaitProgress(ThreeRoles roles, String work, Witness witness, RandomKills kills) throws IOException {
        int wanted = witness.calls().size() + kills.calls();
        ThreeRoles.waiting(PATIENCE).until(() -> {
            roles.restartEnded();
            applyWhatKeepsBusy(roles, work);
            return witness.calls().size() >= wanted;
        });
        LockSupport.parkNanos(kills.pauseNanos());
    }

    private void judge(ThreeRoles roles, String work, Witness witness, String about) throws IOException {
        List<MissionRecord> missions = missions(roles, work);
        WitnessedRuns.Tally tally = WitnessedRuns.check(roles.store(), missions, witness.calls(), about);
        assertThat(tally.observations()).isEqualTo(applied * TURNS * 2);
        statusesTellWhatTheStoreHas(roles.cluster(), missions, work);
        statusesTellWhatTheStoreHas(roles.cluster(), missions(roles, "samples"), "samples");
        System.out.printf(
                "ThreeRolesIT: %d missions, %d observations, %d calls, %d outcomes unknown%n",
                applied, tally.observations(), witness.calls().size(), tally.unknown());
    }

    private static String pool(Witness witness) {
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
        return Manifests.pool(rules, tools, "pay", "put");
    }

    private void applySample(Cluster cluster) {
        if (samples.isEmpty()) {
            return;
        }
        cluster.kubectlWithInput("{apiVersion: v1, kind: Namespace, metadata: {name: samples}}", "apply", "-f", "-")
                .ok();
        cluster.kubectl("apply", "-n", "samples", "-f", "samples/" + samples.pop())
                .ok();
    }

    private void applyWhatKeepsBusy(ThreeRoles roles, String namespace) {
        long ended = missions(roles, namespace).stream()
                .filter(each -> each.phase().terminal())
                .count();
        if (applied - ended >= BATCH) {
            return;
        }
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
            batch.append(Manifests.mission("m" + applied++, "{goal: Pay., maxIterations: 100, timeout: 30m}"));
        }
        roles.cluster()
                .kubectlWithInput(batch.toString(), "apply", "-n", namespace, "-f", "-")
                .ok();
    }

    private static void awaitSuccess(ThreeRoles roles, String namespace, int atLeast) {
        ThreeRoles.waiting(PATIENCE).untilAsserted(() -> {
            roles.restartEnded();
            assertThat(missions(roles, namespace))
                    .hasSizeGreaterThanOrEqualTo(atLeast)
                    .allSatisfy(each -> assertThat(each.phase().terminal())
                            .as(each::toString)
                            .isTrue());
        });
        assertThat(missions(roles, namespace))
                .allSatisfy(each -> assertThat(each.reason()).as(each::toString).isEqualTo(Reason.Succeeded));
        waitFor(roles.cluster(), namespace, "mission", "--all");
    }

    private static void waitFor(Cluster cluster, String namespace, String... missions) {
        List<String> command = new ArrayList<>(List.of("wait", "--for=condition=Ready", "--timeout=100s"));
        command.addAll(List.of("-n", namespace));
        command.addAll(List.of(missions));
        var waited = cluster.kubectl(command.toArray(String[]::new));
        assertThat(waited.exit())
                .as(() -> waited.err()
                        + cluster.kubectl("get", "missions", "-n", namespace).out())
                .isZero();
    }

    private static List<MissionRecord> missions(ThreeRoles roles, String namespace) {
        return roles.missions().stream()
                .filter(each -> each.namespace().equals(namespace))
                .toList();
    }

    private static void statusesTellWhatTheStoreHas(Cluster cluster, List<MissionRecord> rows, String namespace)
            throws JsonProcessingException {
        Map<String, MissionRecord> byUid =
                rows.stream().collect(Collectors.toMap(row -> row.uid().toString(), Function.identity()));
        JsonNode missions = JSON.readTree(cluster.kubectl("get", "missions", "-n", namespace, "-o", "json")
                        .ok())
                .path("items");
        assertThat(missions).hasSameSizeAs(rows);
        for (JsonNode mission : missions) {
            MissionRecord row = byUid.get(mission.at("/metadata/uid").asText());
            JsonNode status = mission.path("status");
            assertThat(status.path("phase").asText()).isEqualTo(row.phase().name());
            assertThat(status.at("/checkpoint/sequence").asLong())
                    .isEqualTo(row.head().seq());
            assertThat(status.at("/checkpoint/digest").asText())
                    .isEqualTo(row.head().digest().hex());
        }
    }
}

package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a user with a kubeconfig of few rights, against a gateway as it is deployed. */
@Timeout(180)
class RemoteCommandsIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final Path PROGRAM = Path.of("target", "quarkus-app", "quarkus-run.jar");

    @TempDir
    private static Path directory;

    private static Gateways gateways;

    private String namespace;
    private String missions;
    private RestCalls user;
    private Path kubeconfig;

    private final Queue<Process> processes = new ConcurrentLinkedQueue<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @BeforeAll
    static void start() {
        gateways = new Gateways(CLUSTER, TestPostgres.shared(), directory, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @BeforeEach
    void user() {
        namespace = CLUSTER.newNamespace("commands");
        missions = "/namespaces/" + namespace + "/missions";
        gateways.grant(namespace, "user", "missions", "get", "list", "watch", "create", "patch");
        gateways.grant(namespace, "user", "missions/transcript", "get");
        String token = gateways.token(namespace, "user");
        user = gateways.calls(0, token);
        kubeconfig = RoleAccount.kubeconfig(CLUSTER, directory.resolve(namespace + ".kubeconfig"), namespace, token);
    }

    /** What a command printed, and how it ended. */
    private record Ended(int code, String out, String err) {}

    /** A command that may be at it, and the files that it prints to. */
    private record Started(Process process, Path out, Path err) {
        private Ended end() {
            try {
                return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void runAppliesAndFollowsToTheEnd() {
        Started run = begin("run", "-f", manifest("followed"));
        eventually(() -> assertThat(user.get(missions + "/followed").status()).isEqualTo(200));
        StoredRun stored = StoredRun.admit(
                        gateways.store(), user.get(missions + "/followed").json())
                .bind()
                .say("one");
        assertThat(run.process().isAlive()).isTrue();
        stored.answer("the answer");
        // as the operator says it: the result comes with the end
        status(
                "followed",
                stored,
                "\"phase\": \"Succeeded\", \"reason\": \"Succeeded\", \"result\": {\"summary\": \"the answer\"}");

        Ended ended = run.end();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.err() + ended.out()).contains("followed", "Succeeded", "the answer");
    }

    @Test
    void getShowsAndCancelOrders() {
        create("one");
        eventually(() -> assertThat(tagma("get").out()).contains("one", "Pending"));
        Ended yaml = tagma("get", "mission/one", "-o", "yaml");
        assertThat(yaml.out()).contains("goal: go").doesNotContain("managedFields");
        assertThat(tagma("suspend", "mission/one").code()).isZero();
        assertThat(user.get(missions + "/one").json().at("/spec/suspend").asBoolean())
                .isTrue();
        Ended cancelled = tagma("cancel", "mission/one");
        assertThat(cancelled.code()).as(cancelled.err()).isZero();
        assertThat(user.get(missions + "/one").json().at("/spec/cancel").asBoolean())
                .isTrue();
        Ended none = tagma("get", "mission/none");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("none");
    }

    @Test
    void logsFollowATranscriptToItsEnd() {
        StoredRun run =
                StoredRun.admit(gateways.store(), create("logged")).bind().say("first words");
        status("logged", run, "\"phase\": \"Running\", \"reason\": \"Running\"");
        Started logs = begin("logs", "mission/logged", "--follow");
        eventually(() -> assertThat(Files.readString(logs.out())).contains("first words"));
        run.say("second words").answer("last words");
        status("logged", run, "\"phase\": \"Succeeded\", \"reason\": \"Succeeded\"");

        Ended ended = logs.end();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).containsSubsequence("first words", "second words", "last words");
        assertThat(ended.out().split("second words", -1)).hasSize(2);
    }

    @Test
    void verifyProvesTheChainAndFindsACutTail() {
        StoredRun run = StoredRun.admit(gateways.store(), create("proved"))
                .bind()
                .say("one")
                .say("two")
                .answer("three");
        status("proved", run, "\"phase\": \"Succeeded\", \"reason\": \"Succeeded\"");
        Ended intact = tagma("verify", "mission/proved");
        assertThat(intact.code()).as(intact.err() + intact.out()).isZero();
        assertThat(intact.out()).contains("intact, 3 steps", run.head().digest().hex());

        checkpoint("proved", 4, "0".repeat(64));
        Ended cut = tagma("verify", "mission/proved");
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.out()).contains("CUT: ends at step 3, had reached 4");
    }

    @Test
    void whatTheUserMayNotDoIsSaid() {
        Ended everywhere = tagma("get", "-A");
        assertThat(everywhere.code()).isEqualTo(2);
        assertThat(everywhere.err()).contains("403", "may not list missions.tagma.dev in all namespaces");
    }

    private JsonNode create(String name) {
        return user.post(missions, "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {\"goal\": \"go\"}}".formatted(name))
                .json();
    }

    private String manifest(String name) {
        try {
            return Files.writeString(
                            directory.resolve(namespace + "-" + name + ".yaml"), """
                            apiVersion: tagma.dev/v1alpha1
                            kind: Mission
                            metadata: {name: %s, namespace: %s}
                            spec: {goal: go}
                            """.formatted(name, namespace))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the operator would write. */
    private void status(String name, StoredRun run, String fields) {
        patchStatus(
                name,
                "{%s, \"runtime\": {\"epoch\": 1}, \"checkpoint\": {\"sequence\": %d, \"digest\": \"%s\"}}"
                        .formatted(fields, run.head().seq(), run.head().digest().hex()));
    }

    private void checkpoint(String name, long sequence, String digest) {
        patchStatus(name, "{\"checkpoint\": {\"sequence\": %d, \"digest\": \"%s\"}}".formatted(sequence, digest));
    }

    private void patchStatus(String name, String status) {
        CLUSTER.kubectl(
                        "patch",
                        "mission",
                        name,
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\": " + status + "}")
                .ok();
    }

    private Ended tagma(String... arguments) {
        return begin(arguments).end();
    }

    private Started begin(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                PROGRAM.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--kubeconfig", kubeconfig.toString(), "--gateway", gateways.url(0)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", "/nonexistent");
        try {
            Path out = Files.createTempFile(directory, "tagma", ".out");
            Path err = Files.createTempFile(directory, "tagma", ".err");
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            processes.add(process);
            return new Started(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        ThreeRoles.waiting(Duration.ofSeconds(60)).untilAsserted(assertion);
    }
}

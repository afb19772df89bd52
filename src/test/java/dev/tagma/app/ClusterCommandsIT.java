package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.StepKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real API server, with a kubeconfig's identity. */
@Timeout(180)
class ClusterCommandsIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final String namespace = CLUSTER.newNamespace("cli");
    private final KubernetesClient client = CLUSTER.client();
    private ScriptedGateway gateway;
    private ByteArrayOutputStream out;
    private ByteArrayOutputStream err;

    @BeforeEach
    void open() throws Exception {
        gateway = new ScriptedGateway(client, CLUSTER.config().getOauthToken());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void runAppliesFollowsAndAnswersByTheExitCode() throws Exception {
        Path file = write("a", "{goal: go}");
        CompletableFuture<Integer> run =
                CompletableFuture.supplyAsync(() -> tagma("run", "-f", file.toString(), "-o", "json"));
        Rig.waiting(PATIENCE).until(() -> mission("a").get() != null);
        assertThat(mission("a").get().getMetadata().getManagedFields())
                .extracting(field -> field.getManager())
                .contains("tagma-cli");
        assertThat((Object) mission("a").get().get("spec", "goal")).isEqualTo("go");
        gateway.event(transition("a", "7", "{\"phase\":\"Running\",\"reason\":\"Running\",\"runtime\":{\"epoch\":1}}"));
        gateway.event("break");
        Rig.waiting(PATIENCE).until(() -> gateway.lastIds().contains("7"));
        status(
                "a",
                "{\"phase\":\"Succeeded\",\"reason\":\"Succeeded\",\"runtime\":{\"epoch\":2},\"result\":{\"summary\":\"done\"}}");
        assertThat(run.join()).isZero();
        assertThat(err()).contains(namespace + "/a Running", namespace + "/a Succeeded: done");
        JsonNode list = new JsonMapper().readTree(out());
        assertThat(list.at("/items/0/spec/goal").asText()).isEqualTo("go");
        assertThat(list.at("/items/0/status/phase").asText()).isEqualTo("Succeeded");
    }

    @Test
    void aMissionThatIsDeletedEndsTheRun() throws Exception {
        Path file = write("gone", "{goal: go}");
        CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> tagma("run", "-f", file.toString()));
        Rig.waiting(PATIENCE).until(() -> mission("gone").get() != null);
        mission("gone").delete();
        assertThat(run.join()).isEqualTo(1);
        assertThat(err()).contains("gone Cancelled", "deleted from the cluster");
    }

    @Test
    void aRefusalOfTheApiServerIsSaidAndIsTwo() throws Exception {
        mission(apply("fixed", "{goal: go}"));
        assertThat(tagma("run", "-f", write("fixed", "{goal: another}").toString()))
                .isEqualTo(2);
        assertThat(err()).contains("Mission " + namespace + "/fixed", "spec.goal");
    }

    @Test
    void getAndOrdersSpeakToTheGateway() throws Exception {
        mission(apply("b", "{goal: go}"));
        assertThat(tagma("get", "-n", namespace)).isZero();
        assertThat(out()).contains(namespace, "b ", "Pending");
        assertThat(tagma("get", "mission/b", "-n", namespace, "-o", "yaml")).isZero();
        assertThat(out()).contains("goal: go").doesNotContain("managedFields");
        assertThat(tagma("suspend", "mission/b", "-n", namespace)).isZero();
        assertThat((Object) mission("b").get().get("spec", "suspend")).isEqualTo(true);
        assertThat(tagma("cancel", "mission/b", "-n", namespace)).isZero();
        assertThat((Object) mission("b").get().get("spec", "cancel")).isEqualTo(true);
        assertThat(tagma("get", "mission/none", "-n", namespace)).isEqualTo(2);
        assertThat(err()).contains("no mission none in namespace " + namespace);
    }

    @Test
    void logsShowTheTranscript() throws Exception {
        mission(apply("c", "{goal: go}"));
        status("c", "{\"phase\":\"Succeeded\",\"reason\":\"Succeeded\",\"result\":{\"summary\":\"done\"}}");
        String digest = "0".repeat(64);
        gateway.page("transcript?after=0", """
                {"steps": [{"sequence": 1, "time": "2026-11-21T09:00:00Z", "epoch": 1, "kind": "Feedback",
                  "digest": "%s", "contentDigest": "%s", "usage": {"cost": "0.01"},
                  "content": {"topic": "WrapUp", "text": "be brief"}}], "more": false}""".formatted(digest, digest));
        assertThat(tagma("logs", "mission/c", "-n", namespace, "--follow")).isZero();
        assertThat(out()).contains("    1 told the model: WrapUp", "be brief", namespace + "/c Succeeded: done");
    }

    @Test
    void tailTruncationFound() throws Exception {
        GenericKubernetesResource applied = mission(apply("d", "{goal: go}"));
        List<Head> heads = chain(applied.getMetadata().getUid(), 3);
        checkpoint("d", heads.get(2));
        assertThat(tagma("verify", "mission/d", "-n", namespace)).isZero();
        assertThat(out())
                .contains("intact, 3 steps, head 3:" + heads.get(2).digest().hex());
        // a gateway that hides the last step, in its row too
        chain(applied.getMetadata().getUid(), 2);
        assertThat(tagma("verify", "mission/d", "-n", namespace)).isEqualTo(1);
        assertThat(out()).contains("CUT: ends at step 2, had reached 3");
    }

    @Test
    void whatTheGatewayRefusesIsSaid() throws Exception {
        try (ScriptedGateway stranger = new ScriptedGateway(client, "another token")) {
            assertThat(execute("get", "-n", namespace, "--kubeconfig", kubeconfig(), "--gateway", stranger.url()))
                    .isEqualTo(2);
            assertThat(err()).isEqualTo("tagma: the gateway says 401: nobody vouches for this token\n");
        }
        assertThat(execute("get", "--kubeconfig", kubeconfig(), "--gateway", "http://192.0.2.1:8080"))
                .isEqualTo(2);
        assertThat(err()).contains("the token would go to http://192.0.2.1:8080 in the clear");
        assertThat(execute("get", "--kubeconfig", kubeconfig())).isEqualTo(2);
        assertThat(err()).contains("there is no Service tagma-system/tagma-gateway");
        assertThat(execute("get", "--kubeconfig", kubeconfig(), "--context", "none"))
                .isEqualTo(2);
        assertThat(err()).contains("has no context none");
    }

    @Test
    void asAPluginOfKubectlTheClusterIsMeant() throws Exception {
        Path build = Path.of("src/build").toAbsolutePath();
        Files.copy(
                build.resolve("kubectl-tagma.sh"),
                directory.resolve("kubectl-tagma"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Path program = Files.writeString(directory.resolve("tagma"), "#!/bin/sh\necho \"$TAGMA_PLUGIN $*\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Process process = new ProcessBuilder(directory.resolve("kubectl-tagma").toString(), "get", "-A").start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("kubectl get -A\n");
        assertThat(process.waitFor()).isZero();
    }

    /** A chain of so many steps at the gateway; answers its heads. */
    private List<Head> chain(String uid, int length) {
        List<Head> heads = new ArrayList<>();
        List<String> links = new ArrayList<>();
        Head head = Head.genesis(UUID.fromString(uid));
        String usage =
                "{\"iterations\":0,\"modelCalls\":0,\"toolCalls\":0,\"inputTokens\":0,\"outputTokens\":0,\"costNanos\":0}";
        for (int i = 0; i < length; i++) {
            Digest content = Digest.sha256(new byte[] {(byte) i});
            head = head.then(1, StepKind.Feedback, content);
            heads.add(head);
            links.add(
                    "{\"sequence\":%d,\"epoch\":1,\"kind\":\"Feedback\",\"contentDigest\":\"%s\",\"digest\":\"%s\",\"usage\":%s}"
                            .formatted(head.seq(), content.hex(), head.digest().hex(), usage));
        }
        gateway.page(
                "chain?after=0",
                "{\"mission\":\"%s\",\"head\":{\"sequence\":%d,\"digest\":\"%s\"},\"usage\":%s,\"links\":[%s]}"
                        .formatted(uid, head.seq(), head.digest().hex(), usage, String.join(",", links)));
        return heads;
    }

    private void checkpoint(String name, Head head) {
        status(
                name,
                "{\"phase\":\"Running\",\"checkpoint\":{\"sequence\":%d,\"digest\":\"%s\"}}"
                        .formatted(head.seq(), head.digest().hex()));
    }

    private String transition(String name, String id, String status) {
        return "id: " + id + "\nevent: transition\ndata: {\"namespace\":\"" + namespace + "\",\"name\":\"" + name
                + "\",\"uid\":\"" + mission(name).get().getMetadata().getUid() + "\",\"status\":" + status + "}\n\n";
    }

    private void status(String name, String status) {
        CLUSTER.kubectl(
                        "patch",
                        "mission",
                        name,
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":" + status + "}")
                .ok();
    }

    private GenericKubernetesResource mission(Path file) {
        assertThat(CLUSTER.kubectl("apply", "--server-side", "--field-manager=tagma-cli", "-f", file.toString())
                        .ok())
                .isNotNull();
        return mission(file.getFileName().toString().replace(".yaml", "")).get();
    }

    private Path apply(String name, String spec) throws Exception {
        return write(name, spec);
    }

    private Path write(String name, String spec) throws Exception {
        return Files.writeString(directory.resolve(name + ".yaml"), """
                apiVersion: tagma.dev/v1alpha1
                kind: Mission
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(name, namespace, spec));
    }

    private Resource<GenericKubernetesResource> mission(String name) {
        return client.genericKubernetesResources("tagma.dev/v1alpha1", "Mission")
                .inNamespace(namespace)
                .withName(name);
    }

    private static String kubeconfig() {
        return CLUSTER.kubeconfig().toString();
    }

    private int tagma(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kubeconfig", kubeconfig(), "--gateway", gateway.url()));
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        out = new ByteArrayOutputStream();
        err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                0,
                0);
        return new Commands(console, new Stop(), Program.real()).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

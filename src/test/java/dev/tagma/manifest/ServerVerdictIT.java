package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Command;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code tagma validate} says of a manifest, a real API server says too, of the same field and by the same rule. A fixture whose
 * second line begins with {@code # server:} holds the server's words where they are not ours, with {@code # kubectl:} those of kubectl
 * where the manifest does not get as far as the server.
 */
class ServerVerdictIT {
    private static final Cluster CLUSTER = Cluster.shared();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static KubernetesClient client;

    /** A refusal with code 500 is an answer here, nothing to try again. */
    @BeforeAll
    static void connect() {
        Config once = new ConfigBuilder(CLUSTER.config())
                .withRequestRetryBackoffLimit(0)
                .build();
        client = new KubernetesClientBuilder().withConfig(once).build();
        for (String name : List.of("platform", "carbon")) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @ParameterizedTest
    @MethodSource
    void serverRefuses(Path file) throws IOException {
        List<ServerAnswer> refusals = ServerAnswer.toCreate(client, file).stream()
                .filter(ServerAnswer::isRefusal)
                .toList();
        assertThat(refusals).hasSize(1);
        assertThat(refusals.getFirst().message()).contains(expected(file, "# server: "));
    }

    @ParameterizedTest
    @MethodSource("serverRefuses")
    void serverSideApplyIsRefusedToo(Path file) throws IOException {
        assertThat(ServerAnswer.toApply(client, file)).anySatisfy(answer -> {
            assertThat(answer.isRefusal()).isTrue();
            assertThat(answer.message()).containsAnyOf(field(file), expected(file, "# server: "));
        });
    }

    @ParameterizedTest
    @MethodSource
    void kubectlRefuses(Path file) throws IOException {
        Command.Result result = CLUSTER.kubectl("apply", "--dry-run=server", "-f", file.toString());
        assertThat(result.exit()).isNotZero();
        assertThat(result.err()).contains(expected(file, "# kubectl: "));
    }

    @ParameterizedTest
    @MethodSource
    void serverStoresWhatWeRead(Path file) throws IOException {
        Command.Result result =
                CLUSTER.kubectl("apply", "--server-side", "--dry-run=server", "-o", "json", "-f", file.toString());
        Manifests read = new ManifestReader(InputStream.nullInputStream())
                .read(List.of(file))
                .manifests();
        List<JsonNode> ours = Stream.of(
                        read.namespaces(),
                        read.configMaps(),
                        read.secrets(),
                        read.providers(),
                        read.pools(),
                        read.missions())
                .flatMap(List::stream)
                .map(ServerVerdictIT::content)
                .toList();
        if (ours.isEmpty()) {
            assertThat(result.err()).contains("no objects passed to apply");
            return;
        }
        JsonNode answer = JSON.readTree(result.ok());
        List<JsonNode> items = answer.has("items")
                ? List.copyOf(answer.get("items").valueStream().toList())
                : List.of(answer);
        assertThat(items.stream().map(ServerVerdictIT::content)).containsExactlyInAnyOrderElementsOf(ours);
    }

    private static JsonNode content(HasMetadata object) {
        try {
            return content(JSON.readTree(JSON.writeValueAsString(new ObjectCodec().tree(object))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What people wrote and the defaults: without what the server, or kubectl, notes about the object. */
    private static JsonNode content(JsonNode object) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("apiVersion", "kind", "spec", "data", "type", "immutable")) {
            content.set(field, object.get(field));
        }
        for (String field : List.of("name", "namespace", "labels")) {
            content.set(field, object.path("metadata").get(field));
        }
        if (content.path("kind").asText().equals("Namespace")) {
            content.remove(List.of("spec", "labels"));
        }
        return content;
    }

    /** The last name of the field that a fixture expects trouble with. */
    private static String field(Path file) throws IOException {
        String field = Files.readAllLines(file).getFirst().split(": ")[2];
        return field.replaceAll("\\[\\d+]$", "").replaceAll(".*\\.", "");
    }

    private static String expected(Path file, String mark) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.get(1).startsWith(mark)
                ? lines.get(1).substring(mark.length())
                : lines.getFirst().replaceFirst("# expect: \\d+: (-: )?", "");
    }

    static Stream<Path> serverRefuses() throws IOException {
        return ManifestFixturesTest.wrong().filter(file -> !marked(file, "# kubectl: ") && !marked(file, "# tagma: "));
    }

    static Stream<Path> kubectlRefuses() throws IOException {
        return ManifestFixturesTest.wrong().filter(file -> marked(file, "# kubectl: "));
    }

    static Stream<Path> serverStoresWhatWeRead() throws IOException {
        try (Stream<Path> samples = Files.walk(Path.of("samples"))) {
            List<Path> manifests = samples.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            return Stream.concat(ManifestFixturesTest.right(), manifests.stream());
        }
    }

    private static boolean marked(Path file, String mark) {
        try {
            return Files.readAllLines(file).get(1).startsWith(mark);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

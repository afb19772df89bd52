package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencesTest {
    private static final Path EVERYTHING = Path.of("src/test/resources/manifests/right/everything.yaml");
    private static final ManifestReader READER = new ManifestReader(InputStream.nullInputStream());

    @TempDir
    Path directory;

    @Test
    void whatIsAmongTheManifestsIsFound() {
        assertThat(READER.read(List.of(EVERYTHING)).unresolved()).isEmpty();
    }

    @Test
    void missingPoolIsAWarningOnly() throws Exception {
        Reading reading = with("poolRef: {name: analysts, namespace: platform}", "poolRef: {name: analysts}");
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.unresolved())
                .extracting(Problem::field, Problem::message)
                .containsExactly(tuple(
                        "spec.poolRef", "Not found: \"analysts\": no AgentPool carbon/analysts among the manifests"));
    }

    @Test
    void missingAgentIsSaidWithThoseThereAre() throws Exception {
        assertThat(with("  agent: analyst\n", "  agent: chef\n").unresolved())
                .extracting(Problem::message)
                .containsExactly("Not found: \"chef\": AgentPool platform/analysts has: analyst, reviewer");
    }

    @Test
    void agentIsRequiredWhereThePoolHasSeveral() throws Exception {
        assertThat(with("  agent: analyst\n", "").unresolved())
                .extracting(Problem::field)
                .containsExactly("spec.agent");
    }

    @Test
    void missingProviderConfigMapSecretAndKeyAreSaidWithTheirLines() throws Exception {
        Reading reading = READER.read(List.of(Files.writeString(
                directory.resolve("a.yaml"),
                Files.readString(EVERYTHING)
                        .replace("providerRef: {name: openai}", "providerRef: {name: gone}")
                        .replace("name: demo, key: factors.csv", "name: gone, key: factors.csv")
                        .replace("name: keys, key: publish", "name: keys, key: gone")
                        .replace(
                                "instructionsFrom: {configMapKeyRef: {name: demo, key: analyst}}",
                                "instructionsFrom: {configMapKeyRef: {name: demo, key: gone}}"))));
        assertThat(reading.unresolved())
                .extracting(problem -> problem.line() + " " + problem.field() + ": " + problem.message())
                .containsExactly(
                        "63 spec.models[0].providerRef: Not found: \"gone\": no ModelProvider platform/gone among the manifests",
                        "74 spec.agents[1].instructionsFrom.configMapKeyRef.key: Not found: \"gone\": ConfigMap platform/demo has no such key",
                        "88 spec.tools[3].http.headers[0].valueFrom.secretKeyRef.key: Not found: \"gone\": Secret platform/keys has no such key",
                        "97 spec.tools[6].lookup.configMapKeyRef: Not found: \"gone\": no ConfigMap platform/gone among the manifests");
    }

    private Reading with(String old, String replacement) throws Exception {
        String text = Files.readString(EVERYTHING);
        assertThat(text).contains(old);
        return READER.read(List.of(Files.writeString(directory.resolve("a.yaml"), text.replace(old, replacement))));
    }
}

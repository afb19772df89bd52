package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.kube.Command;
import dev.tagma.kube.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** kube-score finds nothing critical in what the chart renders but for what is written here, with the reason. */
@Tag("chart")
class ChartScoreIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CRITICAL = 1;

    /** What kube-score calls critical, and why it is so. */
    private static final Map<String, String> ACCEPTED = Map.of(
            "container-image-pull-policy",
            "images have a fixed tag: nodes that have one start pods while the registry is away",
            "container-ephemeral-storage-request-and-limit",
            "nodes without isolation of local storage would take no pod; resources takes a limit");

    /** The same of the Postgres for trying out, which no size has. */
    private static final Map<String, String> ACCEPTED_OF_POSTGRES = Map.of(
            "container-security-context-user-group-id",
            "999 is the user of the official image",
            "pod-probes-identical",
            "pg_isready is all that the image has; the liveness probe has three times the patience");

    @TempDir
    private Path directory;

    /** The names of the checks that found something critical. */
    private Set<String> criticals(List<String> arguments) throws IOException {
        Path rendered = Files.writeString(
                directory.resolve("rendered.yaml"), Helm.template(arguments).ok());
        Command.Result scored = Command.of(List.of(
                        Programs.ofChecks().path("kube-score"),
                        "score",
                        "--kubernetes-version=v1.34",
                        "--output-format=json",
                        // a CPU limit throttles a JVM that has the node to itself
                        "--ignore-container-cpu-limit",
                        rendered.toString()))
                .run();
        Set<String> criticals = new TreeSet<>();
        JsonNode objects = JSON.readTree(scored.out());
        assertThat(objects).as(scored.err()).hasSizeGreaterThan(10);
        for (JsonNode object : objects) {
            for (JsonNode check : object.path("checks")) {
                if (check.path("grade").asInt() == CRITICAL
                        && !check.path("skipped").asBoolean()) {
                    criticals.add(check.at("/check/id").asText());
                }
            }
        }
        return criticals;
    }

    @Test
    void nothingElseIsCriticalInAnInstallationForTryingOut() throws IOException {
        Set<String> accepted = new TreeSet<>(ACCEPTED.keySet());
        accepted.addAll(ACCEPTED_OF_POSTGRES.keySet());
        assertThat(criticals(Chart.EMBEDDED)).isEqualTo(accepted);
    }

    @ParameterizedTest
    @MethodSource("dev.tagma.chart.Chart#sizes")
    void nothingElseIsCriticalInASize(Path values) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-f", values.toString()));
        Stream.of(
                        "database.url=jdbc:postgresql://db/t",
                        "database.existingSecret=login",
                        "gateway.ingress.enabled=true",
                        "gateway.ingress.hosts={tagma.example.com}")
                .forEach(each -> arguments.addAll(List.of("--set", each)));
        assertThat(criticals(arguments)).isEqualTo(new TreeSet<>(ACCEPTED.keySet()));
    }
}

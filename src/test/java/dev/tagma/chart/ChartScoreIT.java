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

    /** Of every role. */
    private static final Map<String, String> ACCEPTED = Map.of();

    /** Of the Postgres for trying out, which no values file of a size has. */
    private static final Map<String, String> ACCEPTED_OF_POSTGRES = Map.of();

    @TempDir
    private Path directory;

    private Set<String> criticals(List<String> arguments) throws IOException {
        Path rendered =
                Files.writeString(directory.resolve("rendered.yaml"), Helm.template(arguments).ok());
        Command.Result scored = Command.of(List.of(
                        Programs.ofChecks().path("kube-score"),
                        "score",
                        "--kubernetes-version=v1.34",
                        "--output-format=json",
                        rendered.toString()))
                .run();
        Set<String> criticals = new TreeSet<>();
        JsonNode objects = JSON.readTree(scored.out());
        assertThat(objects).as(scored.err()).hasSizeGreaterThan(10);
        for (JsonNode object : objects) {
            for (JsonNode check : object.path("checks")) {
                if (check.path("grade").asInt() == CRITICAL && !check.path("skipped").asBoolean()) {
                    criticals.add(object.path("object_name").asText() + ": "
                            + check.at("/check/id").asText());
                }
            }
        }
        return criticals;
    }

    @Test
    void nothingIsCriticalInAnInstallationForTryingOut() throws IOException {
        assertThat(criticals(Chart.EMBEDDED)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.tagma.chart.Chart#sizes")
    void nothingIsCriticalInASize(Path values) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-f", values.toString()));
        Stream.of("database.url=jdbc:postgresql://db/t", "database.existingSecret=login", "gateway.ingress.enabled=true",
                        "gateway.ingress.hosts={tagma.example.com}")
                .forEach(each -> arguments.addAll(List.of("--set", each)));
        assertThat(criticals(arguments)).isEmpty();
    }
}

package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** kubeconform on what the chart renders and on the samples, by the schemas of the real API server. */
@Tag("chart")
@Timeout(180)
class ChartConformIT {
    @TempDir
    private static Path directory;

    private static OpenApiSchemas schemas;

    @BeforeAll
    static void read() throws IOException {
        schemas = OpenApiSchemas.of(Cluster.shared(), Files.createDirectory(directory.resolve("schemas")));
    }

    private static Command.Result conform(Path... files) {
        List<String> command = new ArrayList<>(
                List.of(Helm.program("kubeconform"), "-strict", "-summary", "-schema-location", schemas.location()));
        Arrays.stream(files).map(Path::toString).forEach(command::add);
        return Command.of(command).run();
    }

    private static Path rendered(String name, List<String> arguments) throws IOException {
        return Files.writeString(
                directory.resolve(name), Helm.template(arguments).ok());
    }

    @Test
    void whatIsRenderedAndTheSamplesConform() throws IOException {
        Path embedded = rendered("embedded.yaml", Chart.EMBEDDED);
        assertThat(conform(embedded, Path.of("samples")).ok()).contains("Invalid: 0, Errors: 0, Skipped: 0");
    }

    @ParameterizedTest
    @MethodSource("dev.tagma.chart.Chart#sizes")
    void aSizeConforms(Path values) throws IOException {
        Path size = rendered(
                values.getFileName().toString(),
                List.of(
                        "-f",
                        values.toString(),
                        "--set",
                        "database.url=jdbc:postgresql://db/t",
                        "--set",
                        "database.existingSecret=login",
                        "--set",
                        "watchNamespaces={one,two}",
                        "--set",
                        "gateway.ingress.enabled=true",
                        "--set",
                        "gateway.ingress.hosts={tagma.example.com}"));
        assertThat(conform(size).ok()).contains("Invalid: 0, Errors: 0, Skipped: 0");
    }

    /** What passes everything proves nothing. */
    @Test
    void aFieldThatThereIsNotIsFound() throws IOException {
        Path file = Files.writeString(directory.resolve("wrong.yaml"), """
                apiVersion: tagma.dev/v1alpha1
                kind: Mission
                metadata: {name: m}
                spec: {goal: go, gaol: went}
                """);
        Command.Result result = conform(file);
        assertThat(result.exit()).isNotZero();
        assertThat(result.out()).contains("gaol");
    }
}

package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Command;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("chart")
class ChartLintIT {
    @ParameterizedTest
    @MethodSource("dev.tagma.chart.Chart#sizes")
    void aSizePassesTheStrictLint(Path values) {
        Command.Result result = Helm.run(List.of(
                "lint",
                "--strict",
                "--kube-version",
                "1.34.4",
                "-f",
                values.toString(),
                "--set",
                "database.url=jdbc:postgresql://db/t",
                "--set",
                "database.existingSecret=login",
                Chart.DIRECTORY.toString()));
        assertThat(result.ok()).contains("0 chart(s) failed");
    }
}

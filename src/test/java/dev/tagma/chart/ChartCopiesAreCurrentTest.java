package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chart reads no file outside its directory, so it has copies of some: with {@code -Dcrds=write} it writes them instead. */
class ChartCopiesAreCurrentTest {
    @ParameterizedTest
    @ValueSource(strings = {"rbac.yaml", "admission.yaml"})
    void chartHasTheSameFile(String name) throws IOException {
        String source = Files.readString(Path.of("src/main/kube", name));
        Path copy = Chart.DIRECTORY.resolve("files").resolve(name);
        if ("write".equals(System.getProperty("crds"))) {
            Files.writeString(copy, source);
        }
        assertThat(Files.readString(copy))
                .as(copy + " differs from src/main/kube/" + name + "; repair it with: make crds")
                .isEqualTo(source);
    }
}

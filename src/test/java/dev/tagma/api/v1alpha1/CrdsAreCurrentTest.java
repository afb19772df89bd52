package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards crds/ and the chart's copy, for a chart reads no file outside: with {@code -Dcrds=write} it writes them instead. */
class CrdsAreCurrentTest {
    @ParameterizedTest
    @ValueSource(strings = {"crds", "helm/tagma/files/crds"})
    void crdsAreWhatTheTypesSay(Path directory) throws IOException {
        Map<String, String> generated = Crds.generate();
        if ("write".equals(System.getProperty("crds"))) {
            write(generated, directory);
        }
        assertThat(stored(directory))
                .as(directory + " differs from the types in dev.tagma.api.v1alpha1; repair it with: make crds")
                .isEqualTo(generated);
    }

    private static void write(Map<String, String> crds, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> crd : crds.entrySet()) {
            Files.writeString(directory.resolve(crd.getKey()), crd.getValue());
        }
    }

    private static Map<String, String> stored(Path directory) throws IOException {
        Map<String, String> crds = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                crds.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return crds;
    }
}

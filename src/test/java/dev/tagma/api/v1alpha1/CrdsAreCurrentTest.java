package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guards crds/: with {@code -Dcrds=write} it writes them instead. */
class CrdsAreCurrentTest {
    private static final Path DIRECTORY = Path.of("crds");

    @Test
    void crdsAreWhatTheTypesSay() throws IOException {
        Map<String, String> generated = Crds.generate();
        if ("write".equals(System.getProperty("crds"))) {
            write(generated);
        }
        assertThat(stored())
                .as("crds/ differs from the types in dev.tagma.api.v1alpha1; repair it with: make crds")
                .isEqualTo(generated);
    }

    private static void write(Map<String, String> crds) throws IOException {
        Files.createDirectories(DIRECTORY);
        for (Map.Entry<String, String> crd : crds.entrySet()) {
            Files.writeString(DIRECTORY.resolve(crd.getKey()), crd.getValue());
        }
    }

    private static Map<String, String> stored() throws IOException {
        Map<String, String> crds = new TreeMap<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.toList()) {
                crds.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return crds;
    }
}

package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Guards docs/api.md: with {@code -Dcrds=write} it writes it instead. */
class ApiReferenceIsCurrentTest {
    private static final Path PAGE = Path.of("docs/api.md");

    @Test
    void referenceIsWhatTheCrdsSay() throws IOException {
        String generated = ApiReference.of(Crds.generate().values());
        if ("write".equals(System.getProperty("crds"))) {
            Files.writeString(PAGE, generated);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/api.md differs from the types in dev.tagma.api.v1alpha1; repair it with: make crds")
                .isEqualTo(generated);
    }
}

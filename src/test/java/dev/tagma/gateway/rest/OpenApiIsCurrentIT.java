package dev.tagma.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The document in docs/ is what the program that was built serves. */
class OpenApiIsCurrentIT {
    private static final Path BUILT = Path.of("target", "openapi", "openapi.yaml");
    private static final Path STORED = Path.of("docs", "openapi.yaml");

    @Test
    void theDocumentIsWhatTheResourcesSay() throws IOException {
        assertThat(Files.readString(STORED))
                .as(STORED + " differs from the resources in dev.tagma.gateway.rest; repair it with: make openapi")
                .isEqualTo(Files.readString(BUILT));
    }
}

package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.chart.Chart;
import dev.tagma.kube.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is in the image, and what it says of itself. */
@Scenarios(installed = false, number = 0, value = "The image")
class ImageE2E {
    private static final long MOST_BYTES = 250_000_000;
    private static final String LABEL = "org.opencontainers.image.";
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "busybox");

    private final ImageArchive image = ImageArchive.BUILT;

    @Test
    void itIsSmall() throws IOException {
        long bytes = Files.size(image.file());
        Report.figure("size of the image", bytes / 1_000_000 + " MB", "< 250 MB");
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @Test
    void itRunsAsNobodyAndHasNoShell() {
        assertThat(image.config().get("User").asText()).isEqualTo("65532:65532");
        assertThat(image.files())
                .contains("opt/java/bin/java")
                .noneMatch(path -> SHELLS.contains(path.substring(path.lastIndexOf('/') + 1)));
    }

    @Test
    void itsLabelsAreThoseOfTheOciSpecification() {
        JsonNode labels = image.config().get("Labels");
        for (String name : List.of("title", "description", "version", "created", "licenses", "base.name")) {
            assertThat(labels.path(LABEL + name).asText()).as(name).isNotBlank();
        }
        assertThat(labels.get(LABEL + "revision").asText())
                .isEqualTo(Command.of(List.of("git", "rev-parse", "HEAD"))
                        .run()
                        .ok()
                        .strip());
        assertThat(Suite.helm("show", "chart", Chart.DIRECTORY.toString()).ok().lines())
                .contains("appVersion: " + labels.get(LABEL + "version").asText());
    }

    @Test
    void itsBillOfMaterialsNamesEveryLibrary() {
        JsonNode bill = Settled.json(image.read("opt/tagma/sbom.cdx.json"));
        assertThat(bill.get("bomFormat").asText()).isEqualTo("CycloneDX");
        List<String> named = new ArrayList<>();
        bill.get("components")
                .forEach(each -> named.add(each.get("group").asText() + "."
                        + each.get("name").asText() + "-" + each.get("version").asText()));
        Set<String> libraries = image.files().stream()
                .filter(path -> path.startsWith("opt/tagma/quarkus-app/lib/") && path.endsWith(".jar"))
                .map(path -> Path.of(path).getFileName().toString())
                .collect(Collectors.toSet());
        assertThat(libraries)
                .hasSizeGreaterThan(100)
                .allMatch(jar ->
                        named.stream().anyMatch(each -> jar.equals(each + ".jar") || jar.startsWith(each + "-")));
    }
}

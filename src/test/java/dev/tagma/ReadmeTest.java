package dev.tagma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README says what is there: its manifest is the sample's, its links lead somewhere, its make targets exist. */
class ReadmeTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern TARGET = Pattern.compile("\\bmake ([a-z-]+)\\b(?= *$|`)", Pattern.MULTILINE);
    private static final Pattern MANIFEST = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theFiveLineMissionIsTheSample() throws IOException {
        String manifest = find(MANIFEST, "README.md").getFirst();
        assertThat(manifest).isEqualTo(Files.readString(Path.of("samples/hello/mission.yaml")));
        assertThat(manifest.lines()).hasSize(5);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (String document : List.of(
                "README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/gitops.md", "samples/README.md")) {
            Path folder = Path.of(document).toAbsolutePath().getParent();
            assertThat(find(LINK, document))
                    .allSatisfy(link ->
                            assertThat(folder.resolve(link)).as(document).exists());
        }
    }

    @Test
    void everyMakeTargetExists() throws IOException {
        List<String> targets = find(TARGET, "README.md");
        assertThat(targets).contains("demo", "build");
        String makefile = Files.readString(Path.of("Makefile"));
        assertThat(targets).allSatisfy(target -> assertThat(makefile).contains("\n" + target + ":"));
    }

    private static List<String> find(Pattern pattern, String document) throws IOException {
        return pattern.matcher(Files.readString(Path.of(document)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}

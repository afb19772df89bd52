package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule has a manifest that breaks it: its first line says which line, field (- for the object) and message are expected, and
 * nothing else may be wrong with it.
 */
class ManifestFixturesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/manifests");
    private static final String EXPECT = "# expect: ";
    private static final ManifestReader READER = new ManifestReader(InputStream.nullInputStream());

    @ParameterizedTest
    @MethodSource
    void wrong(Path file) throws IOException {
        String expected = Files.readAllLines(file).getFirst();
        assertThat(expected).startsWith(EXPECT);
        Reading reading = READER.read(List.of(file));
        assertThat(reading.problems())
                .extracting(problem -> problem.line() + ": " + (problem.field().isEmpty() ? "-" : problem.field())
                        + ": " + problem.message())
                .containsExactly(expected.substring(EXPECT.length()));
    }

    @ParameterizedTest
    @MethodSource
    void right(Path file) {
        assertThat(READER.read(List.of(file)).problems()).isEmpty();
    }

    @Test
    void everyRuleOfTheCrdsIsBrokenByAFixture() throws IOException {
        StringBuilder expectations = new StringBuilder();
        for (Path file : wrong().toList()) {
            expectations.append(Files.readAllLines(file).getFirst()).append('\n');
        }
        List<Rule> rules = Kind.all().stream()
                .flatMap(kind -> rules(kind.schema()))
                .distinct()
                .toList();
        assertThat(rules)
                .filteredOn(
                        rule -> !rule.transition() && rule.messageExpression().isEmpty())
                .hasSizeGreaterThan(15)
                .allSatisfy(rule -> assertThat(expectations).contains(rule.message()));
    }

    private static Stream<Rule> rules(Schema schema) {
        Stream<Schema> children = Stream.concat(
                schema.properties().values().stream(),
                Stream.of(schema.items(), schema.values()).filter(child -> child != null));
        return Stream.concat(schema.rules().stream(), children.flatMap(ManifestFixturesTest::rules));
    }

    static Stream<Path> wrong() throws IOException {
        return files("wrong");
    }

    static Stream<Path> right() throws IOException {
        return files("right");
    }

    private static Stream<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES.resolve(folder))) {
            return files.sorted().toList().stream();
        }
    }
}

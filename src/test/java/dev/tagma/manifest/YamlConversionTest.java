package dev.tagma.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scalars mean what they mean to kubectl, which reads YAML 1.1. */
class YamlConversionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "yes | true",
                "On | true",
                "y | true",
                "off | false",
                "'yes' | \"yes\"",
                "~ | null",
                "12 | 12",
                "-1_000 | -1000",
                "0x1F | 31",
                "010 | 8",
                "0b101 | 5",
                "1.50 | 1.50",
                "6.0e2 | 600",
                "1:30 | \"1:30\"",
                "0o17 | 15",
                "-0o17 | -15",
                "'0o17' | \"0o17\"",
                "0o8 | \"0o8\"",
                "2026-11-21 | \"2026-11-21\"",
                "1.4.0 | \"1.4.0\"",
                "99999999999999999999 | 99999999999999999999",
                "\"\\u00e9\\n\" | \"é\\n\""
            })
    void scalar(String yaml, String json) {
        assertThat(read("a: " + yaml).content().get("a")).hasToString(json);
    }

    @Test
    void linesAreThoseOfKeysAndItems() {
        Document document = read("a:\n\n  b:\n  - 1\n  -\n    c: {d:\n      5}\n");
        assertThat(document.line("a")).isEqualTo(1);
        assertThat(document.line("a.b")).isEqualTo(3);
        assertThat(document.line("a.b[0]")).isEqualTo(4);
        assertThat(document.line("a.b[1].c")).isEqualTo(6);
        assertThat(document.line("a.b[1].c.d")).isEqualTo(6);
    }

    @Test
    void fieldThatIsNotWrittenHasTheLineOfTheOneAroundIt() {
        Document document = read("x: 1\na:\n  b: {}\n");
        assertThat(document.line("a.b.c.d[3].e")).isEqualTo(3);
        assertThat(document.line("z")).isEqualTo(1);
    }

    private static Document read(String yaml) {
        return YamlSource.read(Path.of("a.yaml"), yaml).documents().getFirst();
    }
}

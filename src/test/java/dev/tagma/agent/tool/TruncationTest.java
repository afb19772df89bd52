package dev.tagma.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TruncationTest {
    @Test
    void whatFitsIsLeftAlone() {
        String text = "a\u0000b é €";
        assertThat(Truncation.of(text)).isEqualTo(new Truncation.Text(text, 0));
        String full = "x".repeat(Truncation.LIMIT);
        assertThat(Truncation.of(full).shown()).isSameAs(full);
    }

    @Test
    void tenMegabytesBecomeTenKibibytesAndAMarker() {
        Truncation.Text text = Truncation.of("x".repeat(10_000_000));
        assertThat(text.truncatedFrom()).isEqualTo(10_000_000);
        assertThat(text.shown())
                .isEqualTo("x".repeat(Truncation.LIMIT) + "\n[cut here: 9989760 of 10000000 bytes are missing]");
    }

    @Test
    void whatWasNotReadIsCounted() {
        assertThat(Truncation.of("abc", 7))
                .isEqualTo(new Truncation.Text("abc\n[cut here: 7 of 10 bytes are missing]", 10));
        assertThat(Truncation.of("x".repeat(20_000), -1).shown())
                .endsWith("[cut here: more than 9760 bytes are missing]");
    }

    @Test
    void unpairedSurrogatesAreReplaced() {
        assertThat(Truncation.of("a\uD800b").shown()).isEqualTo("a\uFFFDb");
        assertThat(Truncation.of("\uD83D\uDE00").shown()).isEqualTo("\uD83D\uDE00");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void neverCutsACharacterInTwo(int shift) {
        String text = "a".repeat(shift) + "\uD83D\uDE00€é".repeat(2000);
        String shown = Truncation.of(text).shown();
        String head = shown.substring(0, shown.lastIndexOf("\n[cut here"));
        assertThat(text).startsWith(head);
        assertThat(head.getBytes(StandardCharsets.UTF_8).length).isBetween(Truncation.LIMIT - 3, Truncation.LIMIT);
        assertThat(Truncation.of(text).truncatedFrom()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }
}

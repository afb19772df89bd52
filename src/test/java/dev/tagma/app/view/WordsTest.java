package dev.tagma.app.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({"0,0", "999,999", "1000,1.0k", "12345,12.3k", "999949,999.9k", "999950,1.0M", "1200000,1.2M"})
    void countsAreShort(long number, String text) {
        assertThat(Words.count(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0ms", "999,999ms", "1000,1.0s", "12399,12.3s", "60000,1m00s", "125000,2m05s", "3725000,1h02m"})
    void durationsAreShort(long millis, String text) {
        assertThat(Words.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void foreignTextCannotCommandTheTerminal() {
        assertThat(Words.printable("a\u001b[2Jb\u0007c\u009bd\u202Ee\r\nf\tg"))
                .isEqualTo("a\uFFFD[2Jb\uFFFDc\uFFFDd\uFFFDe\nf\tg");
        assertThat(Words.oneLine(" a\n\n b\rc ")).isEqualTo("a b\uFFFDc");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(Words.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Words.cut("abcdef", 4)).isEqualTo("abc…");
        assertThat(Words.cut("😀😀😀", 2)).isEqualTo("😀…");
    }
}

package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @Test
    void partsAddUp() {
        assertThat(Durations.parse("1h30m5s20ms")).isEqualTo(Duration.ofMillis(5_405_020));
        assertThat(Durations.parse("99999h")).isEqualTo(Duration.ofHours(99_999));
        assertThat(Durations.parseOr(null, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "-5s", "1.5h", "5 m", "100000s", "1s1s1s1s1s", "1d"})
    void everythingElseIsRefusedWithTheFix(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("such as 1m30s");
    }

    @Test
    void moneyIsExact() {
        assertThat(Money.parseNanos("0.50")).isEqualTo(500_000_000);
        assertThat(Money.parseNanos("999999999.999999999")).isEqualTo(999_999_999_999_999_999L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1,5", "1e3", "0.0000000001", "1000000000"})
    void otherAmountsAreRefusedWithTheFix(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.parseNanos(text))
                .withMessageContaining("such as \"0.50\"");
    }
}

package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiDurationTest {
    @Test
    void partsAddUp() {
        assertThat(ApiDuration.parse("1h2m3s4ms")).isEqualTo(Duration.ofMillis(3_723_004));
        assertThat(ApiDuration.parse("99999h")).isEqualTo(Duration.ofHours(99_999));
        assertThat(ApiDuration.parse("0s")).isZero();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "5", "1d", "-1s", "1.5s", "123456s", "1s1s1s1s1s", " 1s"})
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> ApiDuration.parse(text))
                .hasMessageContaining("no duration: write numbers with h, m, s or ms");
    }
}

package dev.tagma.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.ModelProviderSpec.Retry;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    /** The longest duration that the API can write: four times 99999h. */
    private static final long LONGEST_MILLIS = 4 * 99_999L * 3_600_000;

    @Property(tries = 2_000)
    void aWaitIsNeverNegativeAndNeverBeyondMax(
            @ForAll @LongRange(max = LONGEST_MILLIS) long initial,
            @ForAll @LongRange(max = LONGEST_MILLIS) long max,
            @ForAll @IntRange(min = 1) int factor,
            @ForAll @IntRange(max = 10_000) int retry,
            @ForAll long seed) {
        RetryPolicy policy = new RetryPolicy(3, Duration.ofMillis(initial), factor, Duration.ofMillis(max));

        assertThat(policy.backoff(retry, new Random(seed))).isBetween(Duration.ZERO, Duration.ofMillis(max));
    }

    @Property(tries = 500)
    void aWaitIsNeverBeyondTheExactProduct(
            @ForAll @LongRange(max = 10_000) long initial,
            @ForAll @IntRange(min = 1, max = 10) int factor,
            @ForAll @IntRange(max = 8) int retry,
            @ForAll long seed) {
        RetryPolicy policy = new RetryPolicy(3, Duration.ofMillis(initial), factor, Duration.ofHours(99_999));
        Duration end = Duration.ofMillis(initial);
        for (int i = 0; i < retry; i++) {
            end = end.multipliedBy(factor);
        }

        assertThat(policy.backoff(retry, new Random(seed))).isBetween(Duration.ZERO, end);
    }

    @Test
    void theUpperEndGrowsByTheFactorUpToMax() {
        RetryPolicy policy = new RetryPolicy(9, Duration.ofSeconds(1), 3, Duration.ofSeconds(10));

        assertThat(policy.backoff(0, highest())).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.backoff(1, highest())).isEqualTo(Duration.ofSeconds(3));
        assertThat(policy.backoff(2, highest())).isEqualTo(Duration.ofSeconds(9));
        assertThat(policy.backoff(3, highest())).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.backoff(Integer.MAX_VALUE, highest())).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatAProviderLeavesOpenIsTheDefault() {
        assertThat(RetryPolicy.of(null)).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(RetryPolicy.of(new Retry(null, null))).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(RetryPolicy.of(new Retry(5, new Retry.Backoff("10ms", null, "1s"))))
                .isEqualTo(new RetryPolicy(5, Duration.ofMillis(10), 2, Duration.ofSeconds(1)));
    }

    @Test
    void aWrongWaitIsRefusedByItsField() {
        assertThatThrownBy(() -> RetryPolicy.of(new Retry(5, new Retry.Backoff("1s", 2, "soon"))))
                .hasMessageStartingWith("retry.backoff.max: \"soon\" is no duration");
    }

    @Test
    void aFactorBelowOneIsRefused() {
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ZERO, 0, Duration.ZERO))
                .hasMessageContaining("retry.backoff.factor is at least 1");
    }

    /** Dice that always show the highest number asked for. */
    private static RandomGenerator highest() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only bounded numbers");
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
    }
}

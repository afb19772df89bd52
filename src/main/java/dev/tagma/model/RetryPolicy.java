package dev.tagma.model;

import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.api.v1alpha1.ModelProviderSpec.Retry;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and after what waits one model is asked again.
 *
 * @param limit retries beside the first attempt
 * @param initial upper end of the first wait
 * @param factor by which the upper end grows
 * @param max at which it stays
 */
public record RetryPolicy(int limit, Duration initial, int factor, Duration max) {
    /** What a provider has that says nothing. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofSeconds(10));

    public RetryPolicy {
        if (limit < 0 || initial.isNegative() || max.isNegative() || factor < 1) {
            throw new IllegalArgumentException(
                    "retry.limit and waits are not negative and retry.backoff.factor is at least 1: " + limit + ", "
                            + initial + " times " + factor + " up to " + max);
        }
    }

    /** The policy that a provider declares; what it leaves open is taken from {@link #DEFAULT}. */
    public static RetryPolicy of(Retry retry) {
        if (retry == null) {
            return DEFAULT;
        }
        int limit = retry.limit() == null ? DEFAULT.limit : retry.limit();
        if (retry.backoff() == null) {
            return new RetryPolicy(limit, DEFAULT.initial, DEFAULT.factor, DEFAULT.max);
        }
        Retry.Backoff backoff = retry.backoff();
        return new RetryPolicy(
                limit,
                Durations.parse("retry.backoff.initial", backoff.initial(), DEFAULT.initial),
                backoff.factor() == null ? DEFAULT.factor : backoff.factor(),
                Durations.parse("retry.backoff.max", backoff.max(), DEFAULT.max));
    }

    /**
     * The wait before retry {@code retry} (from 0): evenly spread between nothing and initial times factor^retry, at most max ("full
     * jitter", Brooker 2015), so that those who failed together do not come back together.
     */
    public Duration backoff(int retry, RandomGenerator random) {
        long end = upperEnd(retry);
        return end == 0 ? Duration.ZERO : Duration.ofNanos(end == Long.MAX_VALUE ? end : random.nextLong(end + 1));
    }

    private long upperEnd(int retry) {
        long limited = max.toNanos();
        long end = Math.min(initial.toNanos(), limited);
        for (int i = 0; i < retry && end < limited && factor > 1 && end > 0; i++) {
            end = end > limited / factor ? limited : end * factor;
        }
        return end;
    }
}

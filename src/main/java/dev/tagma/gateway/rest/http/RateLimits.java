package dev.tagma.gateway.rest.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How many requests each caller may make: a bucket of tokens per user name, in each replica. */
final class RateLimits {
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final RestLimits limits;
    private final LongSupplier nanos;
    private final Cache<String, Bucket> buckets;

    RateLimits(RestLimits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(limits.callers())
                .expireAfterAccess(FORGOTTEN)
                .ticker(nanos::getAsLong)
                .build();
    }

    /** Takes one request's token; throws the problem of too many where the user has none left. */
    void take(String user) {
        ConsumptionProbe probe = buckets.get(user, _ -> bucket()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1;
            throw ProblemException.tooMany(
                    user + " may make " + limits.perSecond() + " requests a second, and " + limits.burst() + " at once",
                    seconds);
        }
    }

    long counted() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(
                        limit -> limit.capacity(limits.burst()).refillGreedy(limits.perSecond(), Duration.ofSeconds(1)))
                .withCustomTimePrecision(new Meter(nanos))
                .build();
    }

    private record Meter(LongSupplier nanos) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}

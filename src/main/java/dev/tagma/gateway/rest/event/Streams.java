package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.http.ProblemException;
import dev.tagma.gateway.rest.http.RestLimits;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many streams there are, and whose. */
final class Streams {
    private static final int RETRY_SECONDS = 5;

    private final RestLimits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byUser = new ConcurrentHashMap<>();

    Streams(RestLimits limits) {
        this.limits = limits;
    }

    int open() {
        return all.get();
    }

    /** The count of a stream to be opened; throws the problem of too many. */
    StreamCount count(String user) {
        if (byUser.getOrDefault(user, 0) >= limits.streamsPerCaller()) {
            throw ProblemException.tooMany(
                    user + " may have " + limits.streamsPerCaller() + " streams open at a time", RETRY_SECONDS);
        }
        if (all.get() >= limits.streams()) {
            throw ProblemException.unavailable(
                    "this replica has " + limits.streams() + " streams open, which is its most");
        }
        return new StreamCount() {
            @Override
            public void opened() {
                all.incrementAndGet();
                byUser.merge(user, 1, Integer::sum);
            }

            @Override
            public void closed() {
                all.decrementAndGet();
                byUser.computeIfPresent(user, (_, open) -> open == 1 ? null : open - 1);
            }
        };
    }
}

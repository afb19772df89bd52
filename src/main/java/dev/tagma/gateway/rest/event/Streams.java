package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.event.MissionEvent.Type;
import dev.tagma.gateway.rest.http.ProblemException;
import dev.tagma.gateway.rest.http.RestLimits;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many streams there are, and whose. */
final class Streams {
    private static final int RETRY_SECONDS = 5;

    private final RestLimits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<Type, LongAdder> told = new EnumMap<>(Type.class);
    private final Map<String, Integer> byUser = new ConcurrentHashMap<>();

    Streams(RestLimits limits) {
        this.limits = limits;
        for (Type type : Type.values()) {
            told.put(type, new LongAdder());
        }
    }

    int open() {
        return all.get();
    }

    /** An event goes out; null is a sign of life, which is none. */
    void tell(Type type) {
        if (type != null) {
            told.get(type).increment();
        }
    }

    /** How many of them went out. */
    long told(Type type) {
        return told.get(type).sum();
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

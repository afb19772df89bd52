package dev.tagma.operator.pool;

import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolMissions.Counts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** How many missions pools have, asked at most every {@link #EVERY}: a status must not be written per mission. */
final class PoolLoads {
    static final Duration EVERY = Duration.ofSeconds(10);

    private final PoolMissions missions;
    private final InstantSource clock;
    private final Map<UUID, Counted> counted = new ConcurrentHashMap<>();

    PoolLoads(PoolMissions missions, InstantSource clock) {
        this.missions = missions;
        this.clock = clock;
    }

    /** The counts, not older than {@link #EVERY}. */
    Counts of(UUID pool) {
        Instant now = clock.instant();
        Counted known = counted.get(pool);
        if (known != null && now.isBefore(known.at().plus(EVERY))) {
            return known.counts();
        }
        return counted(pool, now);
    }

    /** The counts as of now. */
    Counts now(UUID pool) {
        return counted(pool, clock.instant());
    }

    private Counts counted(UUID pool, Instant now) {
        Counts counts = missions.count(pool);
        counted.put(pool, new Counted(counts, now));
        return counts;
    }

    void forget(UUID pool) {
        counted.remove(pool);
    }

    private record Counted(Counts counts, Instant at) {}
}

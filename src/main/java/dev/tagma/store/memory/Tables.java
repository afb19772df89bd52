package dev.tagma.store.memory;

import dev.tagma.mission.Claim;
import dev.tagma.mission.PoolRevision;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The tables, each guarded by the one lock, and their clock. */
final class Tables {
    final Map<Long, MissionRow> missions = new TreeMap<>();
    final Map<UUID, MissionRow> byUid = new HashMap<>();
    final Map<Long, InstanceRow> instances = new TreeMap<>();
    final Map<UUID, List<PoolRevision>> revisions = new HashMap<>();
    final Map<UUID, LeaseRow> leases = new HashMap<>();
    final Map<UUID, Instant> tombstones = new HashMap<>();
    final Map<Queue, Map<String, Long>> turns = new HashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private long versions;
    private long ids;

    Tables(InstantSource clock) {
        this.clock = clock;
    }

    /** Missions of one pool and priority, among which namespaces take turns. */
    record Queue(UUID pool, int priority) {}

    /** Who dispatches for a pool. */
    record LeaseRow(String holder, long term, Instant expiresAt) {}

    <T> T atomically(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        return clock.instant();
    }

    long version() {
        return versions;
    }

    long nextId() {
        return ++ids;
    }

    long nextVersion() {
        return ++versions;
    }

    /** The mission that {@code claim} owns, if it still does. */
    Optional<MissionRow> owned(Claim claim) {
        return Optional.ofNullable(missions.get(claim.mission())).filter(row -> row.owned(claim));
    }

    List<MissionRow> held(long instance) {
        List<MissionRow> held = new ArrayList<>();
        for (MissionRow row : missions.values()) {
            if (row.instance == instance) {
                held.add(row);
            }
        }
        return held;
    }

    /** The revision, or null where it was never published. */
    PoolRevision revision(UUID pool, int number) {
        List<PoolRevision> published = revisions.getOrDefault(pool, List.of());
        return number > published.size() ? null : published.get(number - 1);
    }

    Optional<PoolRevision> latest(UUID pool) {
        return Optional.ofNullable(revisions.get(pool)).map(List::getLast);
    }
}

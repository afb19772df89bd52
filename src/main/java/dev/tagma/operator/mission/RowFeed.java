package dev.tagma.operator.mission;

import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.Phase;
import dev.tagma.rounds.Pace;
import dev.tagma.rounds.Rounds;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The rows of the missions that have not ended, kept up to date by the store's feed of changes: one query for all of them, woken by a
 * hint. Every so often all are read again, because the feed itself may start over in another database or be held up.
 */
final class RowFeed {
    /** How late a change is seen without a hint, at the most. */
    static final Duration POLL = Duration.ofMillis(400);

    private static final Logger LOG = System.getLogger(RowFeed.class.getName());
    private static final Duration BREATH = Duration.ofMillis(15);
    private static final Duration REFRESH = Duration.ofSeconds(30);
    private static final int PAGE = 500;
    private static final long UNKNOWN = -1;

    private final MissionStore missions;
    private final Hints hints;
    private final MissionIndex index;
    private final LongSupplier nanoTime;
    private final Consumer<UUID> changed;
    private final Map<UUID, MissionRecord> rows = new ConcurrentHashMap<>();
    private final Set<UUID> suspects = ConcurrentHashMap.newKeySet();
    private final Rounds rounds;
    private volatile boolean following;
    private volatile Hints.Subscription subscription;
    private long cursor = UNKNOWN;
    private long refreshedAt;

    /** @param changed told the UID of each mission whose row changed or vanished */
    RowFeed(MissionStore missions, Hints hints, MissionIndex index, LongSupplier nanoTime, Consumer<UUID> changed) {
        this.missions = missions;
        this.hints = hints;
        this.index = index;
        this.nanoTime = nanoTime;
        this.changed = changed;
        this.rounds = Rounds.each("mission-feed", new Pace(POLL, BREATH), this::round, PassingTrouble::is);
    }

    void start() {
        refreshedAt = nanoTime.getAsLong();
        subscription = hints.subscribe(Topic.Mission, this::hear);
        rounds.start();
    }

    void stop() {
        if (subscription != null) {
            subscription.close();
        }
        rounds.cancel();
    }

    /** The row as last seen here. */
    Optional<MissionRecord> kept(UUID uid) {
        return Optional.ofNullable(rows.get(uid));
    }

    /** The row as last seen here, or as the store has it; empty where there is none. */
    Optional<MissionRecord> find(UUID uid) {
        MissionRecord seen = rows.get(uid);
        if (seen != null) {
            return Optional.of(seen);
        }
        boolean followed = following;
        Optional<MissionRecord> stored = missions.find(uid);
        if (followed) {
            stored.ifPresent(this::seen);
        }
        return stored;
    }

    /** A row that was read just now. Answers whether it was news. */
    boolean seen(MissionRecord row) {
        // Until the feed is followed, nothing would tell that the row has become another.
        if (!following || !index.isOpen(row.uid())) {
            return false;
        }
        MissionRecord kept = rows.merge(row.uid(), row, (old, fresh) -> fresh.version() > old.version() ? fresh : old);
        return kept == row;
    }

    /** Nobody asks for this row any more. */
    void drop(UUID uid) {
        rows.remove(uid);
    }

    int size() {
        return rows.size();
    }

    /** A mission that is queued here and that somebody touched may have been withdrawn: no change tells of that. */
    void hear(String key) {
        if (!key.equals(Hints.ANY)) {
            UUID uid = UUID.fromString(key);
            MissionRecord row = rows.get(uid);
            if (row != null && row.phase() == Phase.Queued) {
                suspects.add(uid);
            }
        }
        rounds.hint();
    }

    void round() {
        if (cursor == UNKNOWN) {
            cursor = missions.horizon();
            following = true;
            index.open().forEach(changed);
        }
        List<MissionRecord> page;
        do {
            page = missions.changes(cursor, PAGE);
            for (MissionRecord row : page) {
                cursor = Math.max(cursor, row.version());
                suspects.remove(row.uid());
                if (seen(row)) {
                    changed.accept(row.uid());
                }
            }
        } while (!page.isEmpty());
        List<UUID> touched = List.copyOf(suspects);
        suspects.removeAll(touched);
        refresh(touched);
        if (nanoTime.getAsLong() - refreshedAt >= REFRESH.toNanos()) {
            refreshedAt = nanoTime.getAsLong();
            refresh(List.copyOf(rows.keySet()));
            startOverIfLost();
        }
    }

    /** Reads rows again, which may have vanished, or have gone back in a store restored from a backup. */
    private void refresh(List<UUID> uids) {
        for (int from = 0; from < uids.size(); from += PAGE) {
            List<UUID> some = uids.subList(from, Math.min(uids.size(), from + PAGE));
            Map<UUID, MissionRecord> before = new ConcurrentHashMap<>();
            some.forEach(uid -> Optional.ofNullable(rows.get(uid)).ifPresent(row -> before.put(uid, row)));
            Map<UUID, MissionRecord> now =
                    missions.findAll(some).stream().collect(Collectors.toMap(MissionRecord::uid, Function.identity()));
            List<UUID> different = new ArrayList<>();
            before.forEach((uid, row) -> {
                MissionRecord stored = now.get(uid);
                boolean replaced = stored == null
                        ? rows.remove(uid, row)
                        : stored.version() != row.version() && rows.replace(uid, row, stored);
                if (replaced) {
                    different.add(uid);
                }
            });
            different.forEach(changed);
        }
    }

    private void startOverIfLost() {
        long horizon = missions.horizon();
        if (horizon < cursor) {
            LOG.log(
                    Level.WARNING,
                    "the store is not the one it was, or was restored: every mission is looked at again");
            cursor = horizon;
            index.open().forEach(changed);
        }
    }
}

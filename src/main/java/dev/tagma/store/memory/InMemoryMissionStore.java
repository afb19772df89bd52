package dev.tagma.store.memory;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Claim;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.Failover;
import dev.tagma.store.memory.Tables.Queue;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

final class InMemoryMissionStore implements MissionStore {
    private final Tables tables;

    InMemoryMissionStore(Tables tables) {
        this.tables = tables;
    }

    @Override
    public List<MissionRecord> admit(List<NewMission> missions) {
        return tables.atomically(() -> {
            Map<Queue, Long> now = new HashMap<>();
            return missions.stream()
                    .filter(mission ->
                            tables.byUid.containsKey(mission.uid()) || !tables.tombstones.containsKey(mission.uid()))
                    .map(mission -> tables.byUid
                            .computeIfAbsent(mission.uid(), uid -> enter(mission, now))
                            .toRecord())
                    .toList();
        });
    }

    private MissionRow enter(NewMission mission, Map<Queue, Long> now) {
        Queue queue = new Queue(mission.pool(), mission.priority());
        long current = now.computeIfAbsent(queue, this::currentTurn);
        long turn = tables.turns
                .computeIfAbsent(queue, q -> new HashMap<>())
                .merge(mission.namespace(), Math.max(1, current), (last, c) -> Math.max(last + 1, c));
        MissionRow row = new MissionRow(tables, tables.nextId(), mission, turn);
        tables.missions.put(row.id, row);
        return row;
    }

    /** Whose turn it is: the lowest of the queue; of an empty queue, the last that was taken. */
    private long currentTurn(Queue queue) {
        return tables.missions.values().stream()
                .filter(row -> row.phase() == Phase.Queued)
                .filter(row -> queue.equals(new Queue(row.mission.pool(), row.mission.priority())))
                .mapToLong(row -> row.turn)
                .min()
                .orElseGet(() -> tables.turns.getOrDefault(queue, Map.of()).values().stream()
                        .mapToLong(last -> last)
                        .max()
                        .orElse(0));
    }

    @Override
    public Optional<MissionRecord> find(UUID uid) {
        return tables.atomically(
                () -> Optional.ofNullable(tables.byUid.get(uid)).map(MissionRow::toRecord));
    }

    @Override
    public List<MissionRecord> findAll(Collection<UUID> uids) {
        return uids.stream().distinct().flatMap(uid -> find(uid).stream()).toList();
    }

    @Override
    public Optional<MissionSpec> spec(UUID uid) {
        return tables.atomically(
                () -> Optional.ofNullable(tables.byUid.get(uid)).map(row -> row.mission.spec()));
    }

    @Override
    public List<MissionRecord> changes(long version, int limit) {
        return tables.atomically(() -> tables.missions.values().stream()
                .filter(row -> row.version() > version)
                .sorted(Comparator.comparing(MissionRow::version))
                .limit(limit)
                .map(MissionRow::toRecord)
                .toList());
    }

    @Override
    public long horizon() {
        return tables.atomically(tables::version);
    }

    @Override
    public List<MissionRecord> after(long id, int limit) {
        return tables.atomically(() -> tables.missions.values().stream()
                .filter(row -> row.id > id && !row.forgotten)
                .limit(limit)
                .map(MissionRow::toRecord)
                .toList());
    }

    @Override
    public List<UUID> forget(Collection<UUID> uids, String message) {
        return tables.atomically(() -> {
            uids.forEach(uid -> tables.tombstones.putIfAbsent(uid, tables.now()));
            List<MissionRow> known = uids.stream()
                    .distinct()
                    .map(tables.byUid::get)
                    .filter(Objects::nonNull)
                    .toList();
            known.forEach(row -> row.forgotten = true);
            List<MissionRow> open = known.stream().filter(row -> !row.ended()).toList();
            open.forEach(row -> row.end(Outcome.failed(Reason.CancelRequested, message)));
            return open.stream().map(row -> row.mission.uid()).toList();
        });
    }

    @Override
    public int purge() {
        return tables.atomically(() -> {
            List<MissionRow> due = tables.missions.values().stream()
                    .filter(row -> row.forgotten && row.pastRetention())
                    .toList();
            due.forEach(row -> {
                tables.missions.remove(row.id);
                tables.byUid.remove(row.mission.uid());
            });
            tables.tombstones
                    .values()
                    .removeIf(since -> since.isBefore(tables.now().minus(TOMBSTONES_KEPT)));
            return due.size();
        });
    }

    @Override
    public boolean cancel(UUID uid, String message) {
        return change(uid, row -> {
            if (row.ended()) {
                return false;
            }
            row.end(Outcome.failed(Reason.CancelRequested, message));
            return true;
        });
    }

    @Override
    public boolean suspend(UUID uid) {
        return change(uid, row -> {
            if (row.ended() || row.reason == Reason.Suspended) {
                return false;
            }
            row.leave(Reason.Suspended, "", null);
            return true;
        });
    }

    @Override
    public boolean resume(UUID uid) {
        return change(uid, row -> {
            if (!row.reason.awaitsPerson()) {
                return false;
            }
            row.leave(Reason.Queued, "", null);
            return true;
        });
    }

    private boolean change(UUID uid, Predicate<MissionRow> change) {
        return tables.atomically(
                () -> Optional.ofNullable(tables.byUid.get(uid)).filter(change).isPresent());
    }

    @Override
    public boolean release(Claim claim, Release release) {
        return tables.atomically(() -> {
            Optional<MissionRow> owned = tables.owned(claim);
            owned.ifPresent(row -> release(row, release));
            return owned.isPresent();
        });
    }

    private static void release(MissionRow row, Release release) {
        switch (release) {
            case Release.HandBack back -> row.leave(Reason.HandedBack, "", null);
            case Release.Retry retry -> {
                row.leave(Reason.Retrying, retry.cause() + ": " + retry.message(), retry.delay());
                row.attempts++;
            }
            case Release.Park park -> row.leave(park.reason(), park.message(), park.wakeAfter());
        }
    }

    @Override
    public boolean recordFailover(Claim claim, Failover failover) {
        return tables.atomically(() -> {
            Optional<MissionRow> owned = tables.owned(claim);
            owned.ifPresent(row -> row.addFailover(failover));
            return owned.isPresent();
        });
    }
}

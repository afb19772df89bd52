package dev.tagma.store.memory;

import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.PoolMissions;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

final class InMemoryPoolMissions implements PoolMissions {
    private final Tables tables;

    InMemoryPoolMissions(Tables tables) {
        this.tables = tables;
    }

    @Override
    public Counts count(UUID pool) {
        return tables.atomically(() -> new Counts(
                many(pool, row -> row.phase() == Phase.Queued),
                many(pool, row -> row.phase() == Phase.Running),
                many(pool, row -> row.phase() == Phase.Waiting),
                many(pool, row -> !row.started())));
    }

    private int many(UUID pool, Predicate<MissionRow> kind) {
        return (int) unfinished(pool).stream().filter(kind).count();
    }

    private List<MissionRow> unfinished(UUID pool) {
        return tables.missions.values().stream()
                .filter(row -> row.mission.pool().equals(pool) && !row.ended())
                .toList();
    }

    @Override
    public List<UUID> withdraw(UUID pool, int limit) {
        return tables.atomically(() -> unfinished(pool).stream()
                .filter(row -> !row.started())
                .limit(limit)
                .map(this::forget)
                .toList());
    }

    private UUID forget(MissionRow row) {
        tables.missions.remove(row.id);
        tables.byUid.remove(row.mission.uid());
        return row.mission.uid();
    }

    @Override
    public int end(UUID pool, Outcome outcome, int limit) {
        return tables.atomically(() -> {
            List<MissionRow> some = unfinished(pool).stream().limit(limit).toList();
            some.forEach(row -> row.end(outcome));
            return some.size();
        });
    }
}

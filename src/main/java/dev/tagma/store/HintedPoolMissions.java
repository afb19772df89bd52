package dev.tagma.store;

import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolMissions;
import java.util.List;
import java.util.UUID;

/** A pool's missions, with a word on those that it changes. */
final class HintedPoolMissions implements PoolMissions {
    private final PoolMissions missions;
    private final Hints hints;

    HintedPoolMissions(PoolMissions missions, Hints hints) {
        this.missions = missions;
        this.hints = hints;
    }

    @Override
    public Counts count(UUID pool) {
        return missions.count(pool);
    }

    @Override
    public List<UUID> withdraw(UUID pool, int limit) {
        List<UUID> withdrawn = missions.withdraw(pool, limit);
        withdrawn.forEach(uid -> hints.changed(Topic.Mission, uid.toString()));
        return withdrawn;
    }

    @Override
    public int end(UUID pool, Outcome outcome, int limit) {
        int ended = missions.end(pool, outcome, limit);
        if (ended > 0) {
            hints.changed(Topic.Mission, Hints.ANY);
            hints.changed(Topic.Instance, Hints.ANY);
        }
        return ended;
    }
}

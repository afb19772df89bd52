package dev.tagma.store;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.step.Failover;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A mission store that says which mission it changed, and from which instance it took one. */
final class HintedMissionStore implements MissionStore {
    private final MissionStore missions;
    private final Hints hints;

    HintedMissionStore(MissionStore missions, Hints hints) {
        this.missions = missions;
        this.hints = hints;
    }

    private boolean said(UUID uid, boolean changed) {
        if (changed) {
            hints.changed(Topic.Mission, uid.toString());
        }
        return changed;
    }

    /** Who is bound to the mission between the look and the change hears of it with the next heartbeat. */
    private boolean taken(UUID uid, BooleanSupplier change) {
        Optional<MissionRecord> before = missions.find(uid);
        boolean changed = said(uid, change.getAsBoolean());
        if (changed) {
            before.ifPresent(this::taken);
        }
        return changed;
    }

    private void taken(MissionRecord before) {
        if (before.instance() != 0) {
            hints.changed(Topic.Instance, Long.toString(before.instance()));
        }
    }

    @Override
    public List<MissionRecord> admit(List<NewMission> wanted) {
        return missions.admit(wanted);
    }

    @Override
    public Optional<MissionRecord> find(UUID uid) {
        return missions.find(uid);
    }

    @Override
    public List<MissionRecord> findAll(Collection<UUID> uids) {
        return missions.findAll(uids);
    }

    @Override
    public Optional<MissionSpec> spec(UUID uid) {
        return missions.spec(uid);
    }

    @Override
    public List<MissionRecord> changes(long version, int limit) {
        return missions.changes(version, limit);
    }

    @Override
    public long horizon() {
        return missions.horizon();
    }

    @Override
    public List<MissionRecord> after(long id, int limit) {
        return missions.after(id, limit);
    }

    @Override
    public List<UUID> forget(Collection<UUID> uids, String message) {
        List<MissionRecord> before = missions.findAll(uids);
        List<UUID> ended = missions.forget(uids, message);
        ended.forEach(uid -> said(uid, true));
        Set<UUID> taken = Set.copyOf(ended);
        before.stream().filter(mission -> taken.contains(mission.uid())).forEach(this::taken);
        return ended;
    }

    @Override
    public int purge() {
        return missions.purge();
    }

    @Override
    public boolean cancel(UUID uid, String message) {
        return taken(uid, () -> missions.cancel(uid, message));
    }

    @Override
    public boolean suspend(UUID uid) {
        return taken(uid, () -> missions.suspend(uid));
    }

    @Override
    public boolean resume(UUID uid) {
        return said(uid, missions.resume(uid));
    }

    @Override
    public boolean release(Claim claim, Release release) {
        return said(claim.uid(), missions.release(claim, release));
    }

    @Override
    public boolean recordFailover(Claim claim, Failover failover) {
        return said(claim.uid(), missions.recordFailover(claim, failover));
    }
}

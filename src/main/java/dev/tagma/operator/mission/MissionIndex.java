package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.mission.Projection;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The Missions that the API server has, by the UIDs of their runs: what the informer saw, and what was written since. */
final class MissionIndex {
    private final Map<UUID, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(UUID own, ResourceID id, boolean ended) {}

    /** The Mission is as given. */
    void put(Mission mission) {
        UUID own = RunIdentity.own(mission);
        Entry entry = new Entry(own, ResourceID.fromResource(mission), Projection.isFinal(mission.getStatus()));
        entries.put(own, entry);
        // A copy of a Mission that is still there does not take its place.
        RunIdentity.earlier(mission)
                .ifPresent(uid -> entries.compute(
                        uid, (key, present) -> present == null || present.own().equals(own) ? entry : present));
    }

    /** The Mission is gone. */
    void remove(Mission mission) {
        UUID own = RunIdentity.own(mission);
        entries.remove(own);
        RunIdentity.earlier(mission)
                .ifPresent(uid -> entries.computeIfPresent(
                        uid, (key, present) -> present.own().equals(own) ? null : present));
    }

    /** The name of the Mission that this UID is a run of. */
    Optional<ResourceID> id(UUID run) {
        return Optional.ofNullable(entries.get(run)).map(Entry::id);
    }

    /** Whether there is such a Mission, ended or not. */
    boolean contains(UUID run) {
        return entries.containsKey(run);
    }

    /** Whether there is such a Mission whose status is not final. */
    boolean isOpen(UUID run) {
        Entry entry = entries.get(run);
        return entry != null && !entry.ended();
    }

    /** The runs of Missions whose status is not final. */
    List<UUID> open() {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().ended())
                .map(Map.Entry::getKey)
                .toList();
    }
}

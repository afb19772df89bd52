package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.KeyRef;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Missions that wait for something to be declared, by what they wait for. */
final class WaitingRoom {
    private final Map<ResourceID, Set<Need>> waiting = new ConcurrentHashMap<>();
    private final Map<Need, Set<ResourceID>> byNeed = new ConcurrentHashMap<>();

    /** What may be waited for. */
    sealed interface Need {
        /** An AgentPool, its revision, or its permission. */
        record Pool(String namespace, String name) implements Need {}

        /** Inputs. */
        record ConfigMap(String namespace, KeyRef ref) implements Need {}

        /** A namespace's labels. */
        record Namespace(String name) implements Need {}
    }

    /** The mission waits for any of these to change. To be called before it is looked whether they are there. */
    void enter(ResourceID mission, Set<Need> needs) {
        if (needs.equals(waiting.get(mission))) {
            return;
        }
        leave(mission);
        waiting.put(mission, needs);
        needs.forEach(need -> byNeed.compute(need, (key, missions) -> {
            Set<ResourceID> all = missions == null ? ConcurrentHashMap.newKeySet() : missions;
            all.add(mission);
            return all;
        }));
    }

    /** The mission waits no longer. */
    void leave(ResourceID mission) {
        Set<Need> needs = waiting.remove(mission);
        if (needs != null) {
            needs.forEach(need -> byNeed.computeIfPresent(need, (key, missions) -> {
                missions.remove(mission);
                return missions.isEmpty() ? null : missions;
            }));
        }
    }

    boolean holds(ResourceID mission) {
        return waiting.containsKey(mission);
    }

    List<ResourceID> waitingFor(Need need) {
        return List.copyOf(byNeed.getOrDefault(need, Set.of()));
    }

    /** The ConfigMaps that somebody waits for. */
    Set<Need.ConfigMap> configMaps() {
        return byNeed.keySet().stream()
                .filter(Need.ConfigMap.class::isInstance)
                .map(Need.ConfigMap.class::cast)
                .collect(Collectors.toSet());
    }

    List<ResourceID> all() {
        return List.copyOf(waiting.keySet());
    }
}

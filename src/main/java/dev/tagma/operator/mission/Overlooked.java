package dev.tagma.operator.mission;

import dev.tagma.mission.MissionRecord;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Compares, every so often, what was done about each mission with what there is to do, and calls those again that nobody came for: an
 * event may be lost on its way through queues and timers that are not our own. What waits its turn between two comparisons is left alone.
 */
final class Overlooked {
    /** Retries come as late as that; who was tried within is not overlooked. */
    static final Duration RETRIED_WITHIN = Duration.ofSeconds(90);

    private static final Logger LOG = System.getLogger(Overlooked.class.getName());

    private final MissionIndex index;
    private final Rows rows;
    private final Predicate<UUID> waits;
    private final Consumer<ResourceID> call;
    private final Map<ResourceID, Long> shown = new ConcurrentHashMap<>();
    private Set<ResourceID> suspects = Set.of();
    private volatile long found;

    /** The rows as they are known here. */
    interface Rows {
        /** That of a run, if it has one. */
        Optional<MissionRecord> kept(UUID run);
    }

    /** @param waits whether a mission without a row waits to be called, or was tried lately */
    Overlooked(MissionIndex index, Rows rows, Predicate<UUID> waits, Consumer<ResourceID> call) {
        this.index = index;
        this.rows = rows;
        this.waits = waits;
        this.call = call;
    }

    /** The mission's status says what this row says. */
    void shown(ResourceID mission, MissionRecord row) {
        shown.put(mission, row.version());
    }

    /** Nothing is to be shown of it any more. */
    void forget(ResourceID mission) {
        shown.remove(mission);
    }

    /** One comparison; to be repeated. */
    void compare() {
        Map<ResourceID, Boolean> done = new HashMap<>();
        for (UUID run : index.open()) {
            index.id(run).ifPresent(id -> done.merge(id, isDone(run, id), Boolean::logicalOr));
        }
        Set<ResourceID> due = new HashSet<>();
        done.forEach((id, is) -> {
            if (!is) {
                due.add(id);
            }
        });
        Set<ResourceID> again = new HashSet<>(due);
        again.retainAll(suspects);
        suspects = due;
        if (!again.isEmpty()) {
            found += again.size();
            LOG.log(
                    Level.WARNING,
                    "nobody came for {0} missions between two comparisons, such as {1}: they are called again",
                    again.size(),
                    again.iterator().next());
            again.forEach(call);
        }
    }

    private boolean isDone(UUID run, ResourceID id) {
        return waits.test(run)
                || rows.kept(run)
                        .map(row -> Long.valueOf(row.version()).equals(shown.get(id)))
                        .orElse(false);
    }

    /** How many were found so far. */
    long found() {
        return found;
    }
}

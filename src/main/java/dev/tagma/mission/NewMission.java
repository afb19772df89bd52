package dev.tagma.mission;

import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.api.v1alpha1.MissionSpec;
import java.time.Duration;
import java.util.UUID;

/**
 * A mission to be admitted.
 *
 * @param uid the resource's UID
 * @param namespace and {@code name} as people call it
 * @param pool UID of the pool that runs it
 * @param spec the effective spec: defaults and the pool's missionDefaults merged, limits checked, inputs resolved. Timeout and
 *     maxIterations are set
 */
public record NewMission(UUID uid, String namespace, String name, UUID pool, MissionSpec spec) {
    /** Its place in the queue: higher first, 0 where the spec does not say. */
    public int priority() {
        return spec.priority() == null ? 0 : spec.priority();
    }

    /** What its one clock allows. */
    public Duration timeout() {
        return Durations.parse(spec.timeout());
    }

    /** Longest time before the first step, or null. */
    public Duration startDeadline() {
        return Durations.parseOr(spec.startDeadline(), null);
    }

    /** How long the content of its steps is kept after its end, or null for ever. */
    public Duration retention() {
        return spec.retention() == null
                ? null
                : Durations.parseOr(spec.retention().data(), null);
    }

    /** What it is admitted as: in the queue, suspended, or cancelled before it began; cancel wins over suspend. */
    public Reason admittedAs() {
        if (Boolean.TRUE.equals(spec.cancel())) {
            return Reason.CancelRequested;
        }
        return Boolean.TRUE.equals(spec.suspend()) ? Reason.Suspended : Reason.Queued;
    }
}

package dev.tagma.mission;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a mission is on its way.
 *
 * <pre>
 * Pending   -> Queued (admitted) | Failed | Cancelled
 * Queued    -> Running (bound) | Waiting (suspended) | Failed (a deadline) | Cancelled
 * Running   -> Succeeded | Failed | Cancelled | Waiting | Queued (owner lost, handed back, retry)
 * Waiting   -> Running | Queued | Failed | Cancelled
 * Succeeded, Failed, Cancelled: final, never left.
 * </pre>
 */
public enum Phase {
    Pending,
    Queued,
    Running,
    Waiting,
    Succeeded,
    Failed,
    Cancelled;

    /** Whether this phase is final. */
    public boolean terminal() {
        return this == Succeeded || this == Failed || this == Cancelled;
    }

    /** The phases that may follow this one. */
    public Set<Phase> next() {
        return switch (this) {
            case Pending -> EnumSet.of(Queued, Failed, Cancelled);
            case Queued -> EnumSet.of(Running, Waiting, Failed, Cancelled);
            case Running -> EnumSet.of(Succeeded, Failed, Cancelled, Waiting, Queued);
            case Waiting -> EnumSet.of(Running, Queued, Failed, Cancelled);
            case Succeeded, Failed, Cancelled -> EnumSet.noneOf(Phase.class);
        };
    }
}

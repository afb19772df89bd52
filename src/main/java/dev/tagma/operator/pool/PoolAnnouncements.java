package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.operator.Events;
import dev.tagma.operator.Happening;
import java.util.Objects;

/** Tells of what began with a new status. */
final class PoolAnnouncements {
    private PoolAnnouncements() {}

    static void announce(Events events, PoolObservation seen, AgentPoolStatus next) {
        AgentPoolStatus before = seen.pool().getStatus();
        Trouble verdict = PoolStatus.verdict(seen);
        boolean began = !PoolReconciler.reason(before).equals(verdict.reason().name());
        if (began && verdict.reason().happening() != null) {
            events.say(seen.pool(), verdict.reason().happening(), verdict.message());
        }
        if (seen.revision() != null && (before == null || !Objects.equals(before.revision(), next.revision()))) {
            events.say(
                    seen.pool(),
                    Happening.RevisionPublished,
                    "missions that start from now on get revision " + next.revision());
        }
    }
}

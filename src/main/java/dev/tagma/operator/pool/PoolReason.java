package dev.tagma.operator.pool;

import dev.tagma.operator.Happening;
import dev.tagma.operator.Standing;

/**
 * Why an AgentPool stands as it does: the closed list. What may still appear or come up is Reconciling; what only its author can mend is
 * Stalled.
 *
 * <pre>
 * any -> Draining (deleted), final
 * any other -> any other, as the world and the spec are
 * </pre>
 */
enum PoolReason {
    Available(Standing.Ready, Happening.Available),
    ScaledToZero(Standing.Ready, null),
    RollingOut(Standing.Reconciling, null),
    Draining(Standing.Reconciling, Happening.Draining),
    ProviderNotFound(Standing.Reconciling, Happening.ReferenceBroken),
    ProviderNotPermitted(Standing.Reconciling, Happening.ReferenceBroken),
    ConfigMapNotFound(Standing.Reconciling, Happening.ReferenceBroken),
    UnknownField(Standing.Reconciling, null),
    InvalidTool(Standing.Stalled, Happening.ReferenceBroken),
    InvalidTemplate(Standing.Stalled, Happening.InvalidTemplate),
    QuotaExceeded(Standing.Reconciling, Happening.RuntimesFailing),
    ProgressDeadlineExceeded(Standing.Stalled, Happening.RuntimesFailing);

    private final Standing standing;
    private final Happening happening;

    PoolReason(Standing standing, Happening happening) {
        this.standing = standing;
        this.happening = happening;
    }

    Standing standing() {
        return standing;
    }

    /** What is told when this begins, or null for nothing. */
    Happening happening() {
        return happening;
    }
}

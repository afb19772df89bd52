package dev.tagma.operator.provider;

import dev.tagma.model.provider.ProviderProbe.Finding;
import dev.tagma.operator.Happening;
import dev.tagma.operator.Standing;

/**
 * Why a ModelProvider stands as it does: the closed list; CircuitOpen joins it when gateways report their breakers. What may pass or still
 * appear is Reconciling; what only a person can mend is Stalled.
 *
 * <pre>
 * Probing -> any other (asked), and back where the spec changes
 * any     -> any other, as the references and the service are
 * </pre>
 */
enum ProviderReason {
    Reachable(Standing.Ready, Happening.Reachable),
    Probing(Standing.Reconciling, null),
    SecretNotFound(Standing.Reconciling, Happening.ProviderFailing),
    SecretKeyNotFound(Standing.Reconciling, Happening.ProviderFailing),
    ScriptNotFound(Standing.Reconciling, Happening.ProviderFailing),
    Unreachable(Standing.Reconciling, Happening.ProviderFailing),
    RateLimited(Standing.Reconciling, Happening.ProviderFailing),
    AuthenticationFailed(Standing.Stalled, Happening.ProviderFailing),
    InvalidEndpoint(Standing.Stalled, Happening.ProviderFailing),
    InvalidScript(Standing.Stalled, Happening.ProviderFailing);

    private final Standing standing;
    private final Happening happening;

    ProviderReason(Standing standing, Happening happening) {
        this.standing = standing;
        this.happening = happening;
    }

    static ProviderReason of(Finding finding) {
        return switch (finding) {
            case Reachable -> Reachable;
            case Unreachable -> Unreachable;
            case RateLimited -> RateLimited;
            case AuthenticationFailed -> AuthenticationFailed;
            case InvalidEndpoint -> InvalidEndpoint;
            case InvalidScript -> InvalidScript;
        };
    }

    Standing standing() {
        return standing;
    }

    /** What is told when this begins, or null for nothing. */
    Happening happening() {
        return happening;
    }
}

package dev.tagma.gateway.egress;

import dev.tagma.gateway.egress.EgressAudit.Cause;

/** The cause of the requests that this thread makes. */
final class Causes {
    /** Bound by {@link OutsideTools}, the only door to the egress. */
    static final ScopedValue<Cause> CURRENT = ScopedValue.newInstance();

    private static final Cause UNKNOWN = new Cause("", "", null, "");

    private Causes() {}

    static Cause current() {
        return CURRENT.orElse(UNKNOWN);
    }
}

package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;

/** Hears once of each transition of a mission that somebody may want to know of. */
@FunctionalInterface
public interface Warnings {
    /** Nobody hears. */
    Warnings NOBODY = (about, warning, note) -> {};

    /** {@code note} is for people. Must not block for long, and must not fail. */
    void warn(Mission about, MissionWarning warning, String note);
}

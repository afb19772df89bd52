package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import java.util.Optional;
import java.util.UUID;

/** Under which UID a Mission runs: its own, or that of the run that it was before a backup restored it under another. */
final class RunIdentity {
    /** Carries the run's UID over a backup and its restoration. */
    static final String ANNOTATION = "tagma.dev/run-uid";

    private RunIdentity() {}

    /** The Mission's own UID. */
    static UUID own(Mission mission) {
        return UUID.fromString(mission.getMetadata().getUid());
    }

    /** The UID in the annotation, if it is one and not the Mission's own. */
    static Optional<UUID> earlier(Mission mission) {
        String said = annotated(mission);
        try {
            return said == null
                    ? Optional.empty()
                    : Optional.of(UUID.fromString(said)).filter(uid -> !uid.equals(own(mission)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the annotation says the Mission's own UID. */
    static boolean isMarked(Mission mission) {
        return mission.getMetadata().getUid().equals(annotated(mission));
    }

    private static String annotated(Mission mission) {
        var annotations = mission.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(ANNOTATION);
    }
}

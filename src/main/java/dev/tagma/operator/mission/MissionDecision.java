package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Reason;
import java.time.Duration;
import java.time.Instant;

/** What is to be done about a Mission, from what is wanted and what is. */
sealed interface MissionDecision {
    /**
     * How long a mission may be queued before its status says so: most are not, and spare the API server a write. Measured between two
     * clocks, the store's and the operator's: where they differ by more, the write is not spared.
     */
    Duration QUEUED_UNSAID = Duration.ofSeconds(1);

    /** The same while missions enter in a rush. */
    Duration RUSH_UNSAID = Duration.ofSeconds(10);

    /** How soon after a rush the status says so, at the latest. */
    Duration RUSH_ASKED = Duration.ofSeconds(3);

    /** It has ended, and its status says so. */
    record Keep() implements MissionDecision {}

    /** Into the queue of its pool, if there is nothing in the way. */
    record Admit() implements MissionDecision {}

    /** Its status is final and says the truth: the store, restored from a backup perhaps, must not run it again. */
    record StopRun(MissionRecord row) implements MissionDecision {}

    /** The spec says so. */
    record Cancel(MissionRecord row) implements MissionDecision {}

    /** The spec says so. */
    record Suspend(MissionRecord row) implements MissionDecision {}

    /** The spec does no longer say suspend. */
    record Resume(MissionRecord row) implements MissionDecision {}

    /** Its status shall say what its row says. */
    record Show(MissionRecord row) implements MissionDecision {}

    /** The same, but not yet. */
    record ShowLater(Duration after) implements MissionDecision {}

    /** It ends without a row. */
    record End(Reason reason, String message) implements MissionDecision {}

    /**
     * A mission as it is.
     *
     * @param row in the store, or null
     * @param runLost the UID of a run that the mission claims to be and that the store does not know, or null
     * @param rush whether many missions enter just now
     */
    record Situation(
            MissionSpec spec,
            MissionStatus status,
            MissionRecord row,
            String runLost,
            Instant created,
            Instant now,
            boolean rush) {}

    /** The decision. */
    static MissionDecision of(Situation mission) {
        MissionRecord row = mission.row();
        if (Projection.isFinal(mission.status())) {
            return row == null || row.phase().terminal() ? new Keep() : new StopRun(row);
        }
        return row == null ? withoutRow(mission) : withRow(mission, row);
    }

    private static MissionDecision withoutRow(Situation mission) {
        if (mission.runLost() != null) {
            return new End(
                    Reason.RunLost,
                    "annotation " + RunIdentity.ANNOTATION + " says that this mission ran as " + mission.runLost()
                            + ", which is not in the store: create it without the annotation to run it anew");
        }
        if (Projection.showsStart(mission.status())) {
            return new End(
                    Reason.RunLost,
                    "it had started, and the store no longer knows it: it is never run twice; create another Mission");
        }
        if (Boolean.TRUE.equals(mission.spec().cancel())) {
            return new End(Reason.CancelRequested, "spec.cancel");
        }
        Duration startDeadline = Durations.parseOr(mission.spec().startDeadline(), null);
        if (startDeadline != null && !mission.now().isBefore(mission.created().plus(startDeadline))) {
            return new End(
                    Reason.StartDeadlineExceeded,
                    Outcome.startDeadlineExceeded(startDeadline).message());
        }
        return new Admit();
    }

    private static MissionDecision withRow(Situation mission, MissionRecord row) {
        if (row.phase().terminal()) {
            return new Show(row);
        }
        if (Boolean.TRUE.equals(mission.spec().cancel())) {
            return new Cancel(row);
        }
        boolean suspend = Boolean.TRUE.equals(mission.spec().suspend());
        if (suspend && row.reason() != Reason.Suspended) {
            return new Suspend(row);
        }
        if (!suspend && row.reason() == Reason.Suspended) {
            return new Resume(row);
        }
        Duration queued = Duration.between(row.admittedAt(), mission.now());
        Duration longest = mission.rush() ? RUSH_UNSAID : QUEUED_UNSAID;
        boolean unsaid = row.phase() == Phase.Queued
                && row.startedAt() == null
                && (mission.status() == null || mission.status().phase() == null)
                && queued.abs().compareTo(longest) < 0;
        return unsaid ? new ShowLater(shorter(longest.minus(queued), RUSH_ASKED)) : new Show(row);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

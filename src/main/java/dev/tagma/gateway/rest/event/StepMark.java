package dev.tagma.gateway.rest.event;

import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import java.time.Instant;

/** A step without what was said. */
record StepMark(long seq, StepKind kind, Instant time) {
    static StepMark of(Step step) {
        return new StepMark(step.seq(), step.kind(), step.committedAt());
    }
}

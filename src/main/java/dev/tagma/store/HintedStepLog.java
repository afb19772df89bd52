package dev.tagma.store;

import dev.tagma.mission.Append;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Hints;
import dev.tagma.mission.Hints.Topic;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import java.util.List;

/** A step log that says which mission has new steps. */
final class HintedStepLog implements StepLog {
    private final StepLog steps;
    private final Hints hints;

    HintedStepLog(StepLog steps, Hints hints) {
        this.steps = steps;
        this.hints = hints;
    }

    @Override
    public CommitResult commit(Append append) {
        CommitResult result = steps.commit(append);
        if (result instanceof Committed) {
            hints.changed(Topic.Mission, append.claim().uid().toString());
        }
        return result;
    }

    @Override
    public Tail tail(long mission) {
        return steps.tail(mission);
    }

    @Override
    public List<Step> read(long mission, long afterSeq, int limit) {
        return steps.read(mission, afterSeq, limit);
    }
}

package dev.tagma.gateway;

import dev.tagma.mission.Append;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The log of one mission, as a test writes it. */
final class FakeStepLog implements StepLog {
    private final List<Step> steps = new CopyOnWriteArrayList<>();

    /** The step that is the chain's {@code head}, committed under {@code epoch}. */
    void add(Head head, long epoch, NewStep step) {
        steps.add(new Step(
                head.seq(),
                epoch,
                step.kind(),
                step.content(),
                step.contentDigest(),
                head.digest(),
                Usage.NONE,
                Instant.EPOCH));
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public List<Step> read(long mission, long afterSeq, int limit) {
        return steps.stream().filter(step -> step.seq() > afterSeq).limit(limit).toList();
    }

    @Override
    public CommitResult commit(Append append) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tail tail(long mission) {
        throw new UnsupportedOperationException();
    }
}

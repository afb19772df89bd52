package dev.tagma.store;

import dev.tagma.mission.Append;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Usage;
import dev.tagma.model.ModelCalls.Reserved;
import java.util.ArrayList;
import java.util.List;

/**
 * An append on its way into a group, with what the statements need computed by the caller's thread.
 *
 * @param append what to commit
 * @param steps its steps with their heads and what they add up to
 * @param outcome the finish's canonical bytes, or null
 * @param call the model call that it settles, or null
 */
record PendingAppend(Append append, List<Row> steps, byte[] outcome, Reserved call) implements GroupCommitter.Item {
    static PendingAppend of(Append append, Reserved call) {
        List<Row> rows = new ArrayList<>(append.steps().size());
        List<Head> heads = append.heads();
        Usage sum = Usage.NONE;
        for (int i = 0; i < heads.size(); i++) {
            NewStep step = append.steps().get(i);
            sum = i == 0 ? sum : sum.plus(step.usage());
            rows.add(new Row(append.claim().mission(), step, heads.get(i), sum));
        }
        return new PendingAppend(append, rows, OutcomeJson.encode(append.finish()), call);
    }

    boolean hasSteps() {
        return !steps.isEmpty();
    }

    Outcome finish() {
        return append.finish();
    }

    Head head() {
        return hasSteps() ? steps.getLast().head() : append.base();
    }

    /** What its steps add to the first one's totals. */
    Usage addedAfterFirst() {
        return hasSteps() ? steps.getLast().addedAfterFirst() : Usage.NONE;
    }

    @Override
    public long key() {
        return append.claim().mission();
    }

    @Override
    public long bytes() {
        long bytes = outcome == null ? 0 : outcome.length;
        for (Row row : steps) {
            bytes += row.step().content().length;
        }
        return bytes;
    }

    @Override
    public int rows() {
        return Math.max(1, steps.size());
    }

    /**
     * A step in its place.
     *
     * @param addedAfterFirst usage of the append's steps from the second up to and with this one
     */
    record Row(long mission, NewStep step, Head head, Usage addedAfterFirst) {}
}

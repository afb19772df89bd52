package dev.tagma.store.memory;

import dev.tagma.mission.Append;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Behind;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.CommitResult.Fork;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.Usage;
import java.util.List;

final class InMemoryStepLog implements StepLog {
    private final Tables tables;

    InMemoryStepLog(Tables tables) {
        this.tables = tables;
    }

    @Override
    public CommitResult commit(Append append) {
        return tables.atomically(() -> {
            MissionRow row = tables.missions.get(append.claim().mission());
            if (row == null) {
                return new Fenced(0);
            }
            if (stored(row, append)) {
                return new Committed(append.head());
            }
            if (row.epoch() != append.claim().epoch()) {
                return new Fenced(row.epoch());
            }
            if (row.head().seq() < append.base().seq()) {
                return new Behind(row.head());
            }
            if (!row.head().equals(append.base())) {
                return new Fork(row.head());
            }
            store(row, append);
            return new Committed(append.head());
        });
    }

    /** Whether an earlier attempt stored it whose answer was lost; the steps and the end are stored together or not at all. */
    private static boolean stored(MissionRow row, Append append) {
        Head end = append.head();
        if (row.steps.size() < end.seq() || !row.headAt(end.seq()).equals(end)) {
            return false;
        }
        return append.finish() == null || append.finish().equals(row.outcome);
    }

    private void store(MissionRow row, Append append) {
        List<Head> heads = append.heads();
        for (int i = 0; i < heads.size(); i++) {
            NewStep step = append.steps().get(i);
            Usage usage = row.usage().plus(step.usage());
            row.steps.add(new Step(
                    heads.get(i).seq(),
                    append.claim().epoch(),
                    step.kind(),
                    step.content(),
                    step.contentDigest(),
                    heads.get(i).digest(),
                    usage,
                    tables.now()));
        }
        if (append.finish() != null) {
            row.end(append.finish());
        }
    }

    @Override
    public Tail tail(long mission) {
        return tables.atomically(() -> {
            MissionRow row = tables.missions.get(mission);
            if (row == null) {
                return Tail.EMPTY;
            }
            List<Step> steps = row.steps;
            int plan = last(steps, StepKind.Plan);
            int reply = last(steps, StepKind.ModelReply);
            int window = Math.max(0, steps.size() - WINDOW);
            return new Tail(
                    steps.subList(reply < 0 ? window : Math.min(window, reply), steps.size()),
                    plan < 0 ? null : steps.get(plan),
                    row.usage());
        });
    }

    /** The index of the last step of {@code kind}, or -1. */
    private static int last(List<Step> steps, StepKind kind) {
        int i = steps.size() - 1;
        while (i >= 0 && steps.get(i).kind() != kind) {
            i--;
        }
        return i;
    }

    @Override
    public List<Step> read(long mission, long afterSeq, int limit) {
        return tables.atomically(() -> {
            MissionRow row = tables.missions.get(mission);
            return row == null
                    ? List.of()
                    : row.steps.stream().skip(afterSeq).limit(limit).toList();
        });
    }
}

package dev.tagma.gateway;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The order of one mission's steps under one claim. Replies and outside tools are committed here, local observations come from the
 * runtime, several at once: each append is chained to the one before it, whoever sent it. An append whose outcome is unknown is
 * settled before the next one goes.
 */
final class Ledger {
    private final Start start;
    private final long deadlineNanos;
    private final ReentrantLock order = new ReentrantLock();
    private final List<Head> sinceReply = new ArrayList<>(4);
    private final Set<String> observed = HashSet.newHashSet(4);
    private final Set<String> startedBefore = HashSet.newHashSet(0);
    private Head head;
    private Head reply;
    private Pending inDoubt;

    /** {@code nowNanos} is the moment of the start on the monotonic clock. */
    Ledger(Start start, long nowNanos) {
        this.start = start;
        this.deadlineNanos = nowNanos + start.timeLeft().toNanos();
        this.head = start.head();
        sinceReply.add(head);
        for (Step step : start.tail().steps()) {
            track(step.head(), StepCodec.decode(step.kind(), step.content()));
            if (step.kind() == StepKind.ToolStarted) {
                startedBefore.add(((StepContent.ToolStarted) StepCodec.decode(step.kind(), step.content())).callId());
            }
        }
    }

    /** A step to be chained, and what it adds to the mission's usage. */
    record Entry(StepContent content, Usage usage) {}

    Claim claim() {
        return start.claim();
    }

    Start start() {
        return start;
    }

    /** When the mission's clock runs out, on the monotonic clock. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    Head head() {
        order.lock();
        try {
            return head;
        } finally {
            order.unlock();
        }
    }

    /** The step of the last reply, from which its calls' idempotency keys are made; null before the first. */
    Head reply() {
        order.lock();
        try {
            return reply;
        } finally {
            order.unlock();
        }
    }

    /** Whether the call of the last reply has its observation. */
    boolean observed(String callId) {
        order.lock();
        try {
            return observed.contains(callId);
        } finally {
            order.unlock();
        }
    }

    /** Whether an earlier owner began the call of the last reply: its outcome is unknown unless it is observed. */
    boolean startedByEarlierOwner(String callId) {
        order.lock();
        try {
            return startedBefore.contains(callId);
        } finally {
            order.unlock();
        }
    }

    /** Chains the entries to the head and commits them through {@code commit}; none are needed where the mission ends. */
    CommitResult append(List<Entry> entries, Outcome finish, Function<Append, CommitResult> commit) {
        order.lock();
        try {
            if (inDoubt != null) {
                CommitResult settled = send(inDoubt, commit);
                if (!(settled instanceof Committed)) {
                    return settled;
                }
            }
            return send(new Pending(entries, appended(entries, finish)), commit);
        } finally {
            order.unlock();
        }
    }

    /**
     * Commits steps that a runtime performed on top of {@code believed}. What is stored already, by an earlier attempt whose answer was
     * lost, is not stored again.
     */
    CommitResult appendFromRuntime(Head believed, List<StepContent> contents, Function<Append, CommitResult> commit) {
        order.lock();
        try {
            List<Entry> missing = new ArrayList<>(contents.size());
            Head expected = believed;
            for (StepContent content : contents) {
                Entry entry = new Entry(content, RuntimeSteps.usage(content));
                NewStep step = NewStep.of(content, entry.usage());
                expected = expected.then(claim().epoch(), step.kind(), step.contentDigest());
                if (!sinceReply.contains(expected) && !observed.contains(RuntimeSteps.callId(content))) {
                    missing.add(entry);
                }
            }
            return missing.isEmpty() ? new Committed(head) : append(missing, null, commit);
        } finally {
            order.unlock();
        }
    }

    private Append appended(List<Entry> entries, Outcome finish) {
        List<NewStep> steps = entries.stream()
                .map(entry -> NewStep.of(entry.content(), entry.usage()))
                .toList();
        return new Append(claim(), head, steps, finish);
    }

    private CommitResult send(Pending pending, Function<Append, CommitResult> commit) {
        CommitResult result;
        try {
            result = commit.apply(pending.append());
        } catch (StoreUnavailableException e) {
            inDoubt = pending;
            throw e;
        }
        inDoubt = null;
        if (result instanceof Committed) {
            List<Head> heads = pending.append().heads();
            for (int i = 0; i < heads.size(); i++) {
                track(heads.get(i), pending.entries().get(i).content());
            }
            head = heads.isEmpty() ? head : heads.getLast();
        }
        return result;
    }

    private record Pending(List<Entry> entries, Append append) {}

    private void track(Head at, StepContent content) {
        switch (content) {
            case StepContent.ModelReply r -> {
                reply = at;
                sinceReply.clear();
                observed.clear();
                startedBefore.clear();
            }
            case StepContent.Observation o -> observed.add(o.callId());
            case StepContent.Plan p -> observed.add(p.callId());
            case StepContent.ToolStarted s -> {}
            case StepContent.Feedback f -> {}
        }
        sinceReply.add(at);
    }
}

package dev.tagma.gateway;

import dev.tagma.agent.ReactLoop;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The order of one mission's steps under one claim. Replies and outside tools are committed here, local observations come from the
 * runtime, several at once: each append is chained to the one before it, whoever sent it. An append whose outcome is unknown is
 * settled before the next one goes. Another replica may still commit under the same claim what it performed before the session moved here:
 * that is taken over where an append meets it.
 */
final class Ledger {
    private static final long RETRY_NANOS = 200_000_000;
    private static final long NOTHING = -1;

    /** More than another replica can have committed under one claim without the runtime, which it would have told. */
    private static final int MAX_BEHIND = 100;

    private final Start start;
    private final long deadlineNanos;
    private final StepLog log;
    private final ReentrantLock order = new ReentrantLock();
    private final Lock asking = new ReentrantLock();
    private final Predicate<String> outside;
    private final Turn turn = new Turn();
    private final ConcurrentMap<String, CompletableFuture<ToolAnswer>> inFlight = new ConcurrentHashMap<>(2);
    private Head head;
    private Pending inDoubt;
    private long reserving = NOTHING;
    private volatile boolean closed;

    /** {@code nowNanos} is the moment of the start on the monotonic clock; {@code outside} are the tools that a gateway calls. */
    Ledger(Start start, long nowNanos, StepLog log, Predicate<String> outside) {
        this.start = start;
        this.log = log;
        this.outside = outside;
        this.deadlineNanos = nowNanos + start.timeLeft().toNanos();
        this.head = start.head();
        turn.add(head);
        for (Step step : start.tail().steps()) {
            takeOver(step);
        }
        turn.replies(start.tail().usage().iterations());
    }

    /** What cannot be read here cannot be read by the runtime either, which then ends the mission: the chain goes on all the same. */
    private void takeOver(Step step) {
        StepContent content;
        try {
            content = StepCodec.decode(step.kind(), step.content());
        } catch (IllegalArgumentException e) {
            head = step.head();
            turn.add(head);
            return;
        }
        track(step.head(), content);
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

    /** Whether the mission is still this session's: what is performed for it is committed as long as it is. */
    boolean open() {
        return !closed;
    }

    /** The mission is no longer this session's. */
    void close() {
        closed = true;
    }

    /** Held by whoever asks a model for the mission: a repeated request waits here, and finds the reply of the first. */
    Lock asking() {
        return asking;
    }

    /** A model call on top of {@code base} is about to be reserved. Answers whether one was before of which nobody learned the answer. */
    boolean reserving(long base) {
        boolean doubt = reserving == base;
        reserving = base;
        return doubt;
    }

    /** What became of the reservation is known. */
    void reserved() {
        reserving = NOTHING;
    }

    Head head() {
        return inOrder(() -> head);
    }

    private <T> T inOrder(Supplier<T> read) {
        order.lock();
        try {
            return read.get();
        } finally {
            order.unlock();
        }
    }

    /** The step of the last reply, from which its calls' idempotency keys are made; null before the first. */
    Head reply() {
        return inOrder(turn::reply);
    }

    /** The call of the last reply with this id. */
    Optional<ToolCall> call(String id) {
        return inOrder(() -> turn.call(id));
    }

    /** Whether one more reply is the mission's by its spec. */
    boolean mayAsk(boolean wrapUp) {
        return inOrder(() -> wrapUp && turn.wrapsUp() || turn.replies() < ReactLoop.iterations(start.spec()));
    }

    /** Whether the next question may be the one beyond the budget. */
    boolean wrapsUp() {
        return inOrder(turn::wrapsUp);
    }

    /** What was committed since the last reply, in order. */
    List<StepContent> since() {
        return inOrder(turn::since);
    }

    /**
     * Performs a call of the last reply, or joins the one that is in flight: a repeated request never begins it a second time. Where
     * that one fails, its trouble is its own: the next one finds out by itself how far the call came.
     */
    ToolAnswer once(String callId, Supplier<ToolAnswer> call) {
        CompletableFuture<ToolAnswer> mine = new CompletableFuture<>();
        while (true) {
            CompletableFuture<ToolAnswer> first = inFlight.putIfAbsent(callId, mine);
            if (first == null) {
                return perform(callId, call, mine);
            }
            ToolAnswer answer = first.join();
            if (answer != null) {
                return answer;
            }
        }
    }

    private ToolAnswer perform(String callId, Supplier<ToolAnswer> call, CompletableFuture<ToolAnswer> mine) {
        ToolAnswer answer = null;
        try {
            answer = call.get();
            return answer;
        } finally {
            inFlight.remove(callId);
            mine.complete(answer);
        }
    }

    /**
     * Chains the entries to the head and commits them; none are needed where the mission ends. Throws StoreUnavailableException, after
     * which the outcome is settled before anything else is appended.
     */
    CommitResult append(List<Entry> entries, Outcome finish, Function<Append, CommitResult> commit) {
        return attempt(new Pending(entries, finish, commit));
    }

    /**
     * Commits what was performed already, and goes on trying while the store is away: not before the mission is lost is the outcome of
     * an effect given up. An interrupt does not end it.
     */
    CommitResult persist(List<Entry> entries, Outcome finish, Function<Append, CommitResult> commit) {
        Pending pending = new Pending(entries, finish, commit);
        return patiently(() -> attempt(pending), new CommitResult.Fenced(0));
    }

    /**
     * Whether an append was refused because another replica committed under the same claim before it; the ledger has taken that over,
     * with the patience of {@link #persist}. Whoever asked for the append decides anew.
     */
    boolean overtaken(CommitResult result) {
        return result instanceof CommitResult.Fork fork && patiently(() -> catchUp() || knows(fork.store()), false);
    }

    private boolean knows(Head stored) {
        return inOrder(() -> turn.has(stored));
    }

    /** Takes over what lies in the store beyond the head. False where nothing does that is chained to it. */
    boolean catchUp() {
        order.lock();
        try {
            Head before = head;
            for (Step step : log.read(claim().mission(), head.seq(), MAX_BEHIND)) {
                if (!head.then(step.epoch(), step.kind(), step.contentDigest()).equals(step.head())) {
                    break;
                }
                takeOver(step);
            }
            return !head.equals(before);
        } finally {
            order.unlock();
        }
    }

    /** The last reply, where it was committed on top of {@code believed} and the runtime has not heard of it. */
    Optional<Reply> replyAfter(Head believed) {
        Head at = reply();
        if (at == null || at.seq() <= believed.seq()) {
            return Optional.empty();
        }
        return log.read(claim().mission(), at.seq() - 1, 1).stream()
                .filter(step -> step.kind() == StepKind.ModelReply && step.content() != null)
                .map(step -> new Reply((StepContent.ModelReply) StepCodec.decode(step.kind(), step.content()), at))
                .findFirst();
    }

    /** A committed reply. */
    record Reply(StepContent.ModelReply content, Head head) {}

    private <T> T patiently(Supplier<T> attempt, T givenUp) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return attempt.get();
                } catch (StoreUnavailableException e) {
                    interrupted |= Thread.interrupted();
                    if (closed) {
                        return givenUp;
                    }
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Commits steps that a runtime performed on top of {@code believed}. What is stored already, by an earlier attempt whose answer was
     * lost, is not stored again.
     */
    CommitResult appendFromRuntime(Head believed, List<StepContent> contents, Function<Append, CommitResult> commit) {
        order.lock();
        try {
            while (true) {
                CommitResult result = appendMissing(believed, contents, commit);
                if (!(result instanceof CommitResult.Fork) || !catchUp()) {
                    return result;
                }
            }
        } finally {
            order.unlock();
        }
    }

    private CommitResult appendMissing(
            Head believed, List<StepContent> contents, Function<Append, CommitResult> commit) {
        CommitResult doubt = settle();
        if (!(doubt instanceof Committed)) {
            return doubt;
        }
        Head reply = turn.reply();
        if (reply != null && reply.seq() > believed.seq()) {
            // a request that was delayed on its way: by the time of that reply these steps were settled
            return new CommitResult.Fork(head);
        }
        List<Entry> missing = new ArrayList<>(contents.size());
        Head expected = believed;
        for (StepContent content : contents) {
            Entry entry = new Entry(content, RuntimeSteps.usage(content));
            NewStep step = NewStep.of(content, entry.usage());
            expected = expected.then(claim().epoch(), step.kind(), step.contentDigest());
            if (!turn.has(expected) && !turn.observed(RuntimeSteps.callId(content))) {
                missing.add(entry);
            }
        }
        turn.check(missing.stream().map(Entry::content).toList(), outside);
        return missing.isEmpty() ? doubt : append(missing, null, commit);
    }

    private CommitResult attempt(Pending pending) {
        order.lock();
        try {
            CommitResult doubt = settle();
            if (pending.result != null) {
                return pending.result;
            }
            return doubt instanceof Committed ? send(pending) : doubt;
        } finally {
            order.unlock();
        }
    }

    /** What became of the append in doubt; Committed where there is none. */
    private CommitResult settle() {
        return inDoubt == null ? new Committed(head) : send(inDoubt);
    }

    private CommitResult send(Pending pending) {
        Append append = pending.chainedTo(head, claim());
        CommitResult result;
        try {
            result = pending.commit.apply(append);
        } catch (StoreUnavailableException e) {
            inDoubt = pending;
            throw e;
        }
        inDoubt = null;
        pending.result = result;
        if (result instanceof Committed) {
            List<Head> committed = append.heads();
            for (int i = 0; i < committed.size(); i++) {
                track(committed.get(i), pending.entries.get(i).content());
            }
        }
        return result;
    }

    private void track(Head at, StepContent content) {
        head = at;
        turn.add(at, content);
    }

    /** What is to be appended; once sent it keeps its place in the chain, so that a second attempt is the very same append. */
    private static final class Pending {
        private final List<Entry> entries;
        private final Outcome finish;
        private final Function<Append, CommitResult> commit;
        private Append append;
        private CommitResult result;

        private Pending(List<Entry> entries, Outcome finish, Function<Append, CommitResult> commit) {
            this.entries = List.copyOf(entries);
            this.finish = finish;
            this.commit = commit;
        }

        private Append chainedTo(Head head, Claim claim) {
            if (append == null) {
                List<NewStep> steps = entries.stream()
                        .map(entry -> NewStep.of(entry.content(), entry.usage()))
                        .toList();
                append = new Append(claim, head, steps, finish);
            }
            return append;
        }
    }
}

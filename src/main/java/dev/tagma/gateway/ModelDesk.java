package dev.tagma.gateway;

import dev.tagma.agent.AnswerJudge;
import dev.tagma.agent.AnswerJudge.Verdict;
import dev.tagma.agent.ReactLoop;
import dev.tagma.agent.tool.Truncation;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.Money;
import dev.tagma.gateway.Ledger.Entry;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.Chain;
import dev.tagma.model.Chain.Question;
import dev.tagma.model.ChainAnswer;
import dev.tagma.model.ModelCalls;
import dev.tagma.model.ModelCalls.Budget;
import dev.tagma.model.ModelCalls.Estimate;
import dev.tagma.model.ModelCalls.Reservation;
import dev.tagma.model.ModelCalls.Reserved;
import dev.tagma.model.ModelLink;
import dev.tagma.model.ReplyListener;
import dev.tagma.model.Sleeper;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Makes the model calls of missions: reserved against the budget before, settled by the statement that stores the reply, which ends the
 * mission where it is a valid answer.
 */
public final class ModelDesk {
    /** How long a call counts as being made after its replica has died. */
    private static final Duration RESERVATION = Duration.ofSeconds(10);

    /** How often the calls in flight are to be renewed. */
    static final Duration RENEW_EVERY = RESERVATION.dividedBy(4);

    private static final Duration PROVIDER_MISSING_RETRY = Duration.ofSeconds(5);

    /** A character as JSON: a control character takes six. */
    private static final int MOST_BYTES_PER_CHAR = 7;

    private final Asking asking;
    private final ModelCalls calls;
    private final MissionStore missions;
    private final Time time;
    private final Set<Reserved> inFlight = ConcurrentHashMap.newKeySet();

    /** Where the models of an agent are found, as they are now: keys rotate, providers come and go. */
    @FunctionalInterface
    public interface Models {
        /** The agent's chain in its order. Throws IllegalArgumentException, which says what is missing, where it cannot be built. */
        List<ModelLink> chain(PoolRevision pool, String agent);
    }

    /** The monotonic clock, and how to wait. */
    public record Time(LongSupplier nanoTime, Sleeper sleeper) {}

    /** Whom to ask, how to judge the answer, and who watches it being written. */
    public record Asking(Models models, Chain chain, AnswerJudge judge, ReplyFeed feed) {}

    public ModelDesk(Asking asking, ModelCalls calls, MissionStore missions, Time time) {
        this.asking = asking;
        this.calls = calls;
        this.missions = missions;
        this.time = time;
    }

    /** The calls in flight are being made still. */
    void renew() {
        calls.renew(List.copyOf(inFlight), RESERVATION);
    }

    /**
     * The answer to {@code ask}, or to an earlier one of which the runtime, which believes in {@code believed}, has not heard. Throws
     * CancellationException where the thread was interrupted while it waited for a model.
     */
    ModelAnswer call(Ledger ledger, Head believed, ModelAsk ask) {
        try {
            ledger.asking().lockInterruptibly();
            try {
                Optional<ModelAnswer> earlier = earlier(ledger, believed);
                return earlier.isPresent() ? earlier.get() : anew(ledger, believed, ask);
            } finally {
                ledger.asking().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a model");
        }
    }

    private ModelAnswer anew(Ledger ledger, Head believed, ModelAsk ask) throws InterruptedException {
        MissionSpec spec = ledger.start().spec();
        if (!ledger.mayAsk(ask.wrapUp())) {
            throw new IllegalArgumentException(
                    "callModel: the mission had its " + ReactLoop.iterations(spec) + " replies");
        }
        List<ModelLink> links;
        try {
            links = asking.models().chain(ledger.start().pool(), spec.agent());
        } catch (IllegalArgumentException e) {
            return new ModelAnswer.Unavailable(e.getMessage(), PROVIDER_MISSING_RETRY.toMillis());
        }
        Question question = new Question(
                ask.messages(),
                ask.tools(),
                ledger.claim().uid() + "/" + ledger.head().digest().hex());
        boolean beyondBudget = ask.wrapUp() && ledger.wrapsUp() && wrapsUp(spec);
        Estimate estimate = Chain.estimate(links, question, beyondBudget ? Budget.UNLIMITED : budget(spec));
        return reserved(ledger, believed, new Asked(links, question, estimate));
    }

    /** A call in the book, and the head that its runtime believes in. */
    private record Call(Ledger ledger, Head believed, Reserved reserved) {}

    private record Asked(List<ModelLink> links, Question question, Estimate estimate) {
        Asked heardBy(ReplyListener listener) {
            return new Asked(links, question.heardBy(listener), estimate);
        }
    }

    /** A reply that was committed, by another replica or with its answer lost, is not asked for again. */
    private Optional<ModelAnswer> earlier(Ledger ledger, Head believed) {
        return ledger.replyAfter(believed).map(reply -> {
            Verdict verdict = judge(ledger, reply.content());
            return verdict instanceof Verdict.Unfit(var problem)
                    ? new ModelAnswer.Unfit(reply.content(), reply.head(), problem)
                    : new ModelAnswer.Replied(reply.content(), reply.head());
        });
    }

    private Verdict judge(Ledger ledger, ModelReply reply) {
        return reply.toolCalls().isEmpty()
                ? asking.judge().judge(ledger.start().spec().outputSchema(), reply)
                : null;
    }

    private ModelAnswer reserved(Ledger ledger, Head believed, Asked asked) throws InterruptedException {
        while (true) {
            Duration left = Duration.ofNanos(
                    Math.max(0, ledger.deadlineNanos() - time.nanoTime().getAsLong()));
            long base = ledger.head().seq();
            boolean doubt = ledger.reserving(base);
            Reservation reservation = calls.reserve(ledger.claim(), base, asked.estimate(), RESERVATION);
            ledger.reserved();
            switch (reservation) {
                case Reservation.Granted granted -> {
                    return ask(new Call(ledger, believed, granted.call()), asked, left);
                }
                case Reservation.InFlight other -> {
                    if (doubt) {
                        return ask(new Call(ledger, believed, other.call()), asked, left);
                    }
                    time.sleeper().sleep(other.retryAfter());
                }
                case Reservation.OverBudget over -> {
                    return new ModelAnswer.OverBudget(over.detail());
                }
                case Reservation.Moved moved -> {
                    if (!ledger.catchUp()) {
                        return new ModelAnswer.Lost();
                    }
                    Optional<ModelAnswer> elsewhere = earlier(ledger, believed);
                    if (elsewhere.isPresent()) {
                        return elsewhere.get();
                    }
                }
                case Reservation.Lost lost -> {
                    return new ModelAnswer.Lost();
                }
            }
        }
    }

    private ModelAnswer ask(Call call, Asked asked, Duration left) throws InterruptedException {
        Ledger ledger = call.ledger();
        ReplyListener listener =
                asking.feed().listener(ledger.claim().uid(), ledger.head().seq() + 1);
        boolean stored = false;
        inFlight.add(call.reserved());
        try {
            ModelAnswer answer = answer(call, asked.heardBy(listener), left);
            stored = stored(answer);
            return answer;
        } finally {
            inFlight.remove(call.reserved());
            if (!stored) {
                listener.restarted();
            }
        }
    }

    private static boolean stored(ModelAnswer answer) {
        return switch (answer) {
            case ModelAnswer.Replied _, ModelAnswer.Unfit _, ModelAnswer.Finished _ -> true;
            case ModelAnswer.OverBudget _, ModelAnswer.Unavailable _, ModelAnswer.Failed _, ModelAnswer.Lost _ -> false;
        };
    }

    private ModelAnswer answer(Call call, Asked asked, Duration left) throws InterruptedException {
        ChainAnswer answer;
        try {
            answer = asking.chain().ask(asked.links(), asked.question(), left);
        } catch (InterruptedException e) {
            Estimate most = Chain.estimate(asked.links(), asked.question(), Budget.UNLIMITED);
            book(call.reserved(), new Usage(0, 1, 0, most.tokens(), 0, most.costNanos()));
            throw e;
        }
        return switch (answer) {
            case ChainAnswer.Replied replied -> store(call, replied);
            case ChainAnswer.Unavailable away -> {
                book(call.reserved(), away.usage());
                yield new ModelAnswer.Unavailable(
                        away.detail(), away.retryAfter().toMillis());
            }
            case ChainAnswer.Failed failed -> {
                book(call.reserved(), failed.usage());
                yield new ModelAnswer.Failed(failed.reason(), failed.detail());
            }
        };
    }

    private ModelAnswer store(Call call, ChainAnswer.Replied replied) {
        Ledger ledger = call.ledger();
        ModelReply reply = storable(replied.reply());
        Verdict verdict = judge(ledger, reply);
        Outcome outcome =
                verdict instanceof Verdict.Answer(var summary, var output) ? Outcome.succeeded(summary, output) : null;
        Iterator<Failover> unrecorded = reply.failovers().iterator();
        CommitResult result = ledger.persist(List.of(new Entry(reply, replied.usage())), outcome, append -> {
            while (unrecorded.hasNext()) {
                missions.recordFailover(ledger.claim(), unrecorded.next());
            }
            return calls.settle(call.reserved(), append);
        });
        if (ledger.overtaken(result)) {
            return earlier(ledger, call.believed()).orElseGet(ModelAnswer.Lost::new);
        }
        if (!(result instanceof Committed committed)) {
            return new ModelAnswer.Lost();
        }
        if (outcome != null) {
            return new ModelAnswer.Finished(reply, outcome);
        }
        return verdict instanceof Verdict.Unfit(var problem)
                ? new ModelAnswer.Unfit(reply, committed.head(), problem)
                : new ModelAnswer.Replied(reply, committed.head());
    }

    /** A reply that no step can hold was paid for all the same: it is kept as one that was cut off, which goes back to the model. */
    private static ModelReply storable(ModelReply reply) {
        long length = reply.text().length();
        for (ToolCall call : reply.toolCalls()) {
            length +=
                    call.tool().length() + call.id().length() + call.arguments().length();
        }
        if (length * MOST_BYTES_PER_CHAR <= NewStep.MAX_CONTENT
                || StepCodec.encode(reply).length <= NewStep.MAX_CONTENT) {
            return reply;
        }
        return new ModelReply(
                Truncation.of(reply.text()).shown(),
                List.of(),
                reply.model(),
                reply.inputTokens(),
                reply.outputTokens(),
                reply.costNanos(),
                ModelReply.Stop.Length,
                reply.failovers());
    }

    /** Books a call without a reply. Where the store is away the reservation lapses, and is charged in full. */
    private void book(Reserved call, Usage usage) {
        try {
            if (usage.equals(Usage.NONE)) {
                calls.release(call);
            } else {
                calls.charge(call, usage);
            }
        } catch (StoreUnavailableException e) {
            System.getLogger(ModelDesk.class.getName())
                    .log(System.Logger.Level.INFO, "a model call is left to lapse: {0}", e.getMessage());
        }
    }

    private static boolean wrapsUp(MissionSpec spec) {
        return spec.budget() == null || spec.budget().onExceeded() != MissionSpec.Budget.OnExceeded.Stop;
    }

    private static Budget budget(MissionSpec spec) {
        if (spec.budget() == null) {
            return Budget.UNLIMITED;
        }
        return new Budget(
                spec.budget().tokens() == null ? Long.MAX_VALUE : spec.budget().tokens(),
                spec.budget().cost() == null
                        ? Long.MAX_VALUE
                        : Money.parseNanos(spec.budget().cost()));
    }
}

package dev.tagma.model;

import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.model.ModelCalls.Estimate;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelClient.ModelRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Asks the models of an agent in order. One that fails for the moment is asked again as its provider's retry table says; then, or at
 * once where it fails for good, the next one is asked. Nothing waits longer than the mission has left. Thread-safe.
 */
public final class Chain {
    /** Output tokens that an estimate takes for a model whose maxOutputTokens is not set. */
    public static final int DEFAULT_OUTPUT_TOKENS = 4_096;

    private final Sleeper sleeper;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    /**
     * A chain in time as given.
     *
     * @param clock for the record of failovers only
     * @param nanoTime the monotonic clock, against which the time left runs
     * @param random for the jitter; thread-safe
     */
    public Chain(Sleeper sleeper, InstantSource clock, LongSupplier nanoTime, RandomGenerator random) {
        this.sleeper = sleeper;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /**
     * A question.
     *
     * @param idempotencyKey equal for a repeat of the same question
     * @param listener is told what the models write
     */
    public record Question(
            List<Message> messages, List<ToolDefinition> tools, String idempotencyKey, ReplyListener listener) {
        public Question {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }

        /** A question that nobody watches. */
        public Question(List<Message> messages, List<ToolDefinition> tools, String idempotencyKey) {
            this(messages, tools, idempotencyKey, ReplyListener.NOBODY);
        }

        /** The same question, watched. */
        public Question heardBy(ReplyListener watching) {
            return new Question(messages, tools, idempotencyKey, watching);
        }
    }

    /** What the question uses at most with whichever model replies. */
    public static Estimate estimate(List<ModelLink> links, Question question, ModelCalls.Budget budget) {
        long input = RequestSize.tokens(question.messages(), question.tools());
        long tokens = 0;
        long cost = 0;
        for (ModelLink link : links) {
            Integer limit = link.parameters().maxOutputTokens();
            long output = limit == null ? DEFAULT_OUTPUT_TOKENS : limit;
            tokens = Math.max(tokens, input + output);
            cost = Math.max(cost, link.price().costNanos(input, output));
        }
        return new Estimate(tokens, cost, budget);
    }

    /**
     * Asks until a model replies or none is left to ask. Throws InterruptedException promptly when the thread is interrupted: the
     * question is then abandoned, and what it used is unknown.
     */
    public ChainAnswer ask(List<ModelLink> links, Question question, Duration timeLeft) throws InterruptedException {
        if (links.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one model");
        }
        Walk walk = new Walk(question, nanoTime.getAsLong() + timeLeft.toNanos());
        for (int i = 0; i < links.size(); i++) {
            ChainAnswer answer = walk.ask(links.get(i));
            if (answer != null) {
                return answer;
            }
            if (i + 1 < links.size()) {
                walk.failOver(links.get(i), links.get(i + 1));
            }
        }
        return walk.exhausted();
    }

    /** One question on its way along the chain. */
    private final class Walk {
        private final Question question;
        private final long deadline;
        private final Troubles troubles = new Troubles();
        private final List<Failover> failovers = new ArrayList<>(0);
        private Usage usage = Usage.NONE;

        Walk(Question question, long deadline) {
            this.question = question;
            this.deadline = deadline;
        }

        /** The answer that ends the walk, or null where the next model is to be asked. */
        ChainAnswer ask(ModelLink link) throws InterruptedException {
            Watched watched = new Watched(question.listener());
            int attempt = 1;
            while (true) {
                Duration left = left();
                if (!left.isPositive()) {
                    troubles.add(link, attempt - 1, "the mission has no time left");
                    return null;
                }
                try {
                    return replied(link, link.client().chat(request(link, left, watched.listener())));
                } catch (ModelException e) {
                    charge(link, e.kind());
                    question.listener().restarted();
                    if (e.kind() == ModelException.Kind.ContentRefused) {
                        return refused(link, e.getMessage());
                    }
                    if (watched.unheard(e.kind())) {
                        watched = new Watched(ReplyListener.NOBODY);
                        continue;
                    }
                    if (!waited(link, attempt, e)) {
                        troubles.add(link, attempt, e);
                        return null;
                    }
                    attempt++;
                }
            }
        }

        private ModelRequest request(ModelLink link, Duration left, ReplyListener listener) {
            return new ModelRequest(
                    question.messages(),
                    question.tools(),
                    link.parameters(),
                    left.compareTo(link.timeout()) < 0 ? left : link.timeout(),
                    question.idempotencyKey() + "/" + link.model(),
                    listener);
        }

        /** Waits as the retry table says; false where the model is not to be asked again. */
        private boolean waited(ModelLink link, int attempt, ModelException e) throws InterruptedException {
            if (!e.kind().retriable() || attempt > link.retry().limit()) {
                return false;
            }
            Duration wait = link.retry().backoff(attempt - 1, random);
            if (e.retryAfter() != null) {
                // who has to wait longer than the table allows is better served by the next model
                if (e.retryAfter().compareTo(link.retry().max()) > 0) {
                    return false;
                }
                wait = wait.plus(e.retryAfter());
            }
            if (wait.compareTo(left()) >= 0) {
                return false;
            }
            if (wait.isPositive()) {
                sleeper.sleep(wait);
            }
            return true;
        }

        private ChainAnswer replied(ModelLink link, ModelReply reply) {
            long cost = link.price().costNanos(reply.inputTokens(), reply.outputTokens());
            boolean refused = reply.stop() == Stop.Refused;
            usage = usage.plus(new Usage(refused ? 0 : 1, 1, 0, reply.inputTokens(), reply.outputTokens(), cost));
            if (refused) {
                return refused(link, "the provider's filter stopped the reply");
            }
            StepContent.ModelReply step = new StepContent.ModelReply(
                    reply.text(),
                    reply.toolCalls(),
                    link.model(),
                    reply.inputTokens(),
                    reply.outputTokens(),
                    cost,
                    reply.stop(),
                    failovers);
            return new ChainAnswer.Replied(step, usage);
        }

        private ChainAnswer refused(ModelLink link, String message) {
            return new ChainAnswer.Failed(Reason.ContentRefused, link.model() + ": " + message, usage);
        }

        private void charge(ModelLink link, ModelException.Kind kind) {
            boolean mayBeCharged = switch (kind) {
                case Timeout, InvalidReply, ContentRefused -> true;
                case Unreachable, RateLimited, AuthenticationFailed, InvalidRequest -> false;
            };
            if (mayBeCharged) {
                long input = RequestSize.tokens(question.messages(), question.tools());
                usage = usage.plus(new Usage(0, 1, 0, input, 0, link.price().costNanos(input, 0)));
            }
        }

        void failOver(ModelLink from, ModelLink to) {
            failovers.add(
                    new Failover(clock.instant(), Failover.Type.Model, from.model(), to.model(), troubles.last()));
        }

        ChainAnswer exhausted() {
            return troubles.passing()
                    ? new ChainAnswer.Unavailable(troubles.detail(), troubles.retryAfter(), usage)
                    : new ChainAnswer.Failed(Reason.ModelFailed, troubles.detail(), usage);
        }

        private Duration left() {
            return Duration.ofNanos(deadline - nanoTime.getAsLong());
        }
    }
}

package dev.tagma.model;

import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepContent;
import java.time.Duration;

/** What became of a question to a chain of models. */
public sealed interface ChainAnswer {
    /**
     * All that the question used: the reply, and attempts that failed after the provider may have worked, whose input is estimated. Such
     * an attempt counts as a model call and not as an iteration.
     */
    Usage usage();

    /** A model replied. Its step holds its own tokens and cost; {@code usage} includes those of failed attempts. */
    record Replied(StepContent.ModelReply reply, Usage usage) implements ChainAnswer {}

    /**
     * Every model failed, and at least one of them may do later.
     *
     * @param detail each model's trouble
     * @param retryAfter when it may be worth to ask again
     */
    record Unavailable(String detail, Duration retryAfter, Usage usage) implements ChainAnswer {}

    /** Every model failed for good (ModelFailed), or a provider's filter refused the content (ContentRefused). */
    record Failed(Reason reason, String detail, Usage usage) implements ChainAnswer {}
}

package dev.tagma.mission;

import java.math.BigDecimal;

/**
 * What a mission has used, or what one step adds to it. All values are >= 0.
 *
 * @param iterations model replies that went into the loop
 * @param modelCalls calls to a model, failed ones that were charged included
 * @param toolCalls tool calls whose outcome was recorded
 * @param inputTokens tokens sent to models
 * @param outputTokens tokens received from models
 * @param costNanos money in 10^-9 of the installation's currency
 */
public record Usage(
        long iterations, long modelCalls, long toolCalls, long inputTokens, long outputTokens, long costNanos) {
    /** Nothing used. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

    /** One tool call. */
    public static final Usage TOOL_CALL = new Usage(0, 0, 1, 0, 0, 0);

    public Usage {
        if (iterations < 0 || modelCalls < 0 || toolCalls < 0 || inputTokens < 0 || outputTokens < 0 || costNanos < 0) {
            throw new IllegalArgumentException("usage is never negative: " + iterations + " " + modelCalls + " "
                    + toolCalls + " " + inputTokens + " " + outputTokens + " " + costNanos);
        }
    }

    /** This and the other together. */
    public Usage plus(Usage other) {
        return new Usage(
                iterations + other.iterations,
                modelCalls + other.modelCalls,
                toolCalls + other.toolCalls,
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                costNanos + other.costNanos);
    }

    /** Input and output tokens together. */
    public long tokens() {
        return inputTokens + outputTokens;
    }

    /** The cost as a plain decimal without trailing zeros, such as {@code 0.0123}. */
    public String cost() {
        BigDecimal cost = BigDecimal.valueOf(costNanos, 9).stripTrailingZeros();
        return (cost.scale() < 0 ? cost.setScale(0) : cost).toPlainString();
    }
}

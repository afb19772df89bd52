package dev.tagma.gateway.rest.resource;

import dev.tagma.mission.Usage;

/** What a mission has used up to and with a step, in the shape of {@code status.usage}. */
public record UsedSoFar(long iterations, long modelCalls, long toolCalls, Tokens tokens, String cost) {
    /** Tokens by direction. */
    public record Tokens(long input, long output) {}

    static UsedSoFar of(Usage usage) {
        return new UsedSoFar(
                usage.iterations(),
                usage.modelCalls(),
                usage.toolCalls(),
                new Tokens(usage.inputTokens(), usage.outputTokens()),
                usage.cost());
    }
}

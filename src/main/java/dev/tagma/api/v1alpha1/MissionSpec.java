package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;

/** What a mission shall do, within which limits. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MissionSpec(
        PoolRef poolRef,
        String agent,
        String goal,
        JsonNode inputs,
        InputsSource inputsFrom,
        JsonNode outputSchema,
        Integer maxIterations,
        String timeout,
        String startDeadline,
        Integer priority,
        Retry retry,
        Budget budget,
        Boolean suspend,
        Boolean cancel,
        Retention retention) {
    /** The pool that runs the mission; its namespace defaults to the mission's. */
    public record PoolRef(String name, String namespace) {}

    /** Inputs kept elsewhere. */
    public record InputsSource(KeyRef configMapKeyRef) {}

    /** Whole-mission retries after a failure of the moment. */
    public record Retry(Integer limit) {}

    /** What the mission may use in all. */
    public record Budget(Long tokens, String cost, OnExceeded onExceeded) {
        /** What happens when the budget is spent. */
        public enum OnExceeded {
            WrapUp,
            Stop
        }
    }

    /** How long what is left of an ended mission is kept. */
    public record Retention(String data) {}
}

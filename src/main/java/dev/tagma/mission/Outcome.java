package dev.tagma.mission;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a mission ended.
 *
 * @param reason its phase is the mission's last
 * @param message for people; empty where the reason says it all
 * @param summary the final answer's text, or null
 * @param output the final answer's JSON where an output schema asked for one, or null
 */
public record Outcome(Reason reason, String message, String summary, JsonNode output) {
    public Outcome {
        if (!reason.phase().terminal()) {
            throw new IllegalArgumentException("an outcome is final, " + reason + " is not");
        }
    }

    /** A success with its answer. */
    public static Outcome succeeded(String summary, JsonNode output) {
        return new Outcome(Reason.Succeeded, "", summary, output);
    }

    /** An end without an answer. */
    public static Outcome failed(Reason reason, String message) {
        return new Outcome(reason, message, null, null);
    }
}

package dev.tagma.mission;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;

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

    /** The end of a mission whose clock ran out. */
    public static Outcome deadlineExceeded(Duration timeout) {
        return failed(Reason.DeadlineExceeded, "ran for its timeout of " + seconds(timeout));
    }

    /** The end of a mission that made no step in time. */
    public static Outcome startDeadlineExceeded(Duration startDeadline) {
        return failed(
                Reason.StartDeadlineExceeded, "made no step within its startDeadline of " + seconds(startDeadline));
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
    }
}

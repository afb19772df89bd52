package dev.tagma.mission.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.tagma.mission.StepKind;
import java.util.List;

/** What a step holds. Encoded by {@link StepCodec}; a field is added, never renamed or removed. */
public sealed interface StepContent {
    /** The kind under which this is stored. */
    default StepKind kind() {
        return switch (this) {
            case ModelReply r -> StepKind.ModelReply;
            case ToolStarted s -> StepKind.ToolStarted;
            case Observation o -> StepKind.Observation;
            case Plan p -> StepKind.Plan;
            case Feedback f -> StepKind.Feedback;
        };
    }

    /**
     * A model's reply.
     *
     * @param text may be empty
     * @param toolCalls in the model's order; empty for an answer
     * @param model the pool's name of the model that replied
     * @param inputTokens and {@code outputTokens} as the provider counted them
     * @param costNanos in 10^-9 of the currency
     * @param stop why the model stopped
     * @param failovers the models that failed before this one, in order
     */
    @JsonPropertyOrder({"text", "toolCalls", "model", "inputTokens", "outputTokens", "costNanos", "stop", "failovers"})
    record ModelReply(
            String text,
            List<ToolCall> toolCalls,
            String model,
            long inputTokens,
            long outputTokens,
            long costNanos,
            Stop stop,
            List<Failover> failovers)
            implements StepContent {
        /** Why a model stopped. */
        public enum Stop {
            Answer,
            ToolCalls,
            Length,
            Refused
        }

        public ModelReply {
            text = text == null ? "" : text;
            toolCalls = toolCalls == null ? List.of() : List.copyOf(toolCalls);
            failovers = failovers == null ? List.of() : List.copyOf(failovers);
        }
    }

    /**
     * A non-idempotent call begins.
     *
     * @param reply the seq of the reply that asked for it
     * @param callId the call within that reply
     * @param tool the tool's name
     * @param attempt who begins it: no two attempts at the same call are the same step; null in steps of old
     */
    @JsonPropertyOrder({"reply", "callId", "tool", "attempt"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ToolStarted(long reply, String callId, String tool, String attempt) implements StepContent {
        /** An attempt that is not told apart from others. */
        public ToolStarted(long reply, String callId, String tool) {
            this(reply, callId, tool, null);
        }
    }

    /**
     * What a call returned.
     *
     * @param reply the seq of the reply that asked for it
     * @param callId the call within that reply
     * @param tool the tool's name
     * @param output text for the model, at most 10 KiB and a marker where it was cut
     * @param result how it went
     * @param truncatedFrom bytes before the cut; 0 where nothing was cut
     */
    @JsonPropertyOrder({"reply", "callId", "tool", "output", "result", "truncatedFrom"})
    record Observation(long reply, String callId, String tool, String output, Result result, long truncatedFrom)
            implements StepContent {
        /** How a call went. */
        public enum Result {
            Ok,
            Error,
            Unknown
        }
    }

    /** The todo list as it stands after the call {@code callId}; stored as that call's observation too. */
    @JsonPropertyOrder({"reply", "callId", "items"})
    record Plan(long reply, String callId, List<Item> items) implements StepContent {
        /** One todo. */
        @JsonPropertyOrder({"text", "state"})
        public record Item(String text, State state) {}

        /** How far a todo is. */
        public enum State {
            Pending,
            InProgress,
            Done
        }

        public Plan {
            items = List.copyOf(items);
        }
    }

    /** What Tagma tells the model. */
    @JsonPropertyOrder({"topic", "text"})
    record Feedback(Topic topic, String text) implements StepContent {
        /** What it is about. */
        public enum Topic {
            OutputInvalid,
            WrapUp,
            ReplyInvalid,
            Repetition
        }
    }
}

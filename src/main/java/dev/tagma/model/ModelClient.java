package dev.tagma.model;

import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;

/** One model of one provider. Thread-safe; blocks its virtual thread. */
public interface ModelClient {
    /**
     * Asks the model once, without retries. Throws {@link ModelException} where no reply came, and InterruptedException promptly when
     * the calling thread is interrupted: the request is then abandoned.
     */
    ModelReply chat(ModelRequest request) throws ModelException, InterruptedException;

    /**
     * A question.
     *
     * @param messages oldest first; the first may be a System message
     * @param tools that the model may call
     * @param parameters of the pool's model
     * @param timeout for the whole exchange, already cut to what the mission has left
     * @param idempotencyKey equal for a repeat of the same call; passed on where the provider knows such a header
     * @param listener is told the reply's text as it comes; {@link ReplyListener#NOBODY} asks for the reply in one piece
     */
    record ModelRequest(
            List<Message> messages,
            List<ToolDefinition> tools,
            ModelParameters parameters,
            Duration timeout,
            String idempotencyKey,
            ReplyListener listener) {
        public ModelRequest {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }

        /** A question that nobody watches. */
        public ModelRequest(
                List<Message> messages,
                List<ToolDefinition> tools,
                ModelParameters parameters,
                Duration timeout,
                String idempotencyKey) {
            this(messages, tools, parameters, timeout, idempotencyKey, ReplyListener.NOBODY);
        }

        /** Whether somebody watches. */
        public boolean watched() {
            return listener != ReplyListener.NOBODY;
        }
    }

    /**
     * Parameters of each call.
     *
     * @param temperature or null for the provider's default
     * @param maxOutputTokens or null for the provider's default
     */
    record ModelParameters(Double temperature, Integer maxOutputTokens) {}

    /** A reply as the provider gave it. */
    record ModelReply(
            String text,
            List<ToolCall> toolCalls,
            long inputTokens,
            long outputTokens,
            dev.tagma.mission.step.StepContent.ModelReply.Stop stop) {
        public ModelReply {
            text = text == null ? "" : text;
            toolCalls = List.copyOf(toolCalls);
        }
    }
}

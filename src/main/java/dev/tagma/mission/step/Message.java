package dev.tagma.mission.step;

import java.util.List;

/** One message of the conversation with a model, in the shape that every chat API shares. */
public sealed interface Message {
    /** Instructions. */
    record System(String text) implements Message {}

    /** What the user, or Tagma on the user's behalf, says. */
    record User(String text) implements Message {}

    /** What the model said: text, tool calls, or both. */
    record Assistant(String text, List<ToolCall> toolCalls) implements Message {
        public Assistant {
            toolCalls = List.copyOf(toolCalls);
        }
    }

    /** What a tool call returned. */
    record ToolResult(String callId, String tool, String output, boolean error) implements Message {}
}

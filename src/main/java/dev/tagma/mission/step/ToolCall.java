package dev.tagma.mission.step;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A tool call that a model asked for.
 *
 * @param id unique within its reply; given by the provider, or by Tagma where the provider's is missing or repeated
 * @param tool the tool's name as the model wrote it; it may be unknown
 * @param arguments the arguments as the model wrote them, which may be no JSON
 */
@JsonPropertyOrder({"id", "tool", "arguments"})
public record ToolCall(String id, String tool, String arguments) {}

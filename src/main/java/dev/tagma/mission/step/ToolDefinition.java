package dev.tagma.mission.step;

import com.fasterxml.jackson.databind.JsonNode;

/** A tool as a model is told of it. {@code parameters} is a JSON Schema of type object. */
public record ToolDefinition(String name, String description, JsonNode parameters) {}

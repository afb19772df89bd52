package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The result of an MCP tool as text for a model. */
final class McpContent {
    private McpContent() {}

    /** Texts as they are, what is no text by its kind and size; the structured result where there is no content. */
    static String text(JsonNode result) {
        List<String> parts = new ArrayList<>();
        for (JsonNode part : result.path("content")) {
            parts.add(part(part));
        }
        if (parts.isEmpty()) {
            JsonNode structured = result.path("structuredContent");
            return structured.isMissingNode() ? "(no content)" : structured.toString();
        }
        return String.join("\n", parts);
    }

    private static String part(JsonNode part) {
        String type = part.path("type").asText();
        return switch (type) {
            case "text" -> part.path("text").asText();
            case "resource" -> resource(part.path("resource"));
            case "resource_link" ->
                "[" + part.path("name").asText() + ": " + part.path("uri").asText() + "]";
            case "image", "audio" -> omitted(type, part.path("mimeType"), part.path("data"));
            default -> "[" + type + " not shown]";
        };
    }

    private static String resource(JsonNode resource) {
        return resource.has("text")
                ? resource.path("text").asText()
                : omitted(resource.path("uri").asText(), resource.path("mimeType"), resource.path("blob"));
    }

    private static String omitted(String what, JsonNode mimeType, JsonNode base64) {
        return "[" + what + " " + mimeType.asText() + ", " + base64.asText().length()
                + " characters of base64 not shown]";
    }
}

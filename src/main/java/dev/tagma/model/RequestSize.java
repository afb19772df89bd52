package dev.tagma.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.util.List;
import java.util.Map;

/**
 * How many tokens a request has at most, known before it is made: a token for three bytes of UTF-8, where tokenizers find one in three
 * to five of English or JSON and about one in three of Chinese, and a few around each message.
 */
public final class RequestSize {
    private static final int BYTES_PER_TOKEN = 3;
    private static final int TOKENS_PER_PART = 8;

    private RequestSize() {}

    /** The most tokens that these messages and tools are. */
    public static long tokens(List<Message> messages, List<ToolDefinition> tools) {
        long bytes = 0;
        long parts = messages.size() + (long) tools.size();
        for (Message message : messages) {
            bytes += switch (message) {
                case Message.System(String text) -> utf8Length(text);
                case Message.User(String text) -> utf8Length(text);
                case Message.ToolResult result -> utf8Length(result.output());
                case Message.Assistant(String text, List<ToolCall> calls) -> {
                    parts += calls.size();
                    yield utf8Length(text)
                            + calls.stream().mapToLong(RequestSize::bytes).sum();
                }
            };
        }
        for (ToolDefinition tool : tools) {
            bytes += utf8Length(tool.name()) + utf8Length(tool.description());
            bytes += tool.parameters() == null ? 0 : jsonLength(tool.parameters());
        }
        return Math.ceilDiv(bytes, BYTES_PER_TOKEN) + parts * TOKENS_PER_PART;
    }

    private static long bytes(ToolCall call) {
        return utf8Length(call.tool()) + utf8Length(call.arguments());
    }

    /** As long as it would be if it were written, which each of ten thousand waiting calls would need a buffer for. */
    private static long jsonLength(JsonNode node) {
        if (node.isTextual()) {
            return quotedLength(node.textValue());
        }
        if (!node.isContainerNode()) {
            return utf8Length(node.asText());
        }
        long bytes = 1L + Math.max(1, node.size());
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                bytes += quotedLength(member.getKey()) + 1 + jsonLength(member.getValue());
            }
        } else {
            for (JsonNode element : node) {
                bytes += jsonLength(element);
            }
        }
        return bytes;
    }

    private static long quotedLength(String text) {
        long bytes = 2 + utf8Length(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                bytes++;
            } else if (c < ' ') {
                bytes += 5;
            }
        }
        return bytes;
    }

    private static long utf8Length(String text) {
        if (text == null) {
            return 0;
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}

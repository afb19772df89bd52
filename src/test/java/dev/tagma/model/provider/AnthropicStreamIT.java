package dev.tagma.model.provider;

import dev.tagma.api.v1alpha1.ModelProviderSpec;

class AnthropicStreamIT extends StreamedReplyContract {
    @Override
    ModelProviderSpec.Type type() {
        return ModelProviderSpec.Type.Anthropic;
    }

    @Override
    String begins(String text) {
        return STARTED
                + event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
                + piece(text);
    }

    @Override
    String ends(String text) {
        return piece(text) + event("content_block_stop", "\"index\":0") + ended("end_turn");
    }

    @Override
    String calls() {
        return STARTED
                + event(
                        "content_block_start",
                        "\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a1\",\"name\":\"search\",\"input\":{}}")
                + arguments("{\\\"q\\\"")
                + arguments(":\\\"x\\\"}")
                + event("content_block_stop", "\"index\":0")
                + ended("tool_use");
    }

    private static final String STARTED = event(
            "message_start",
            "\"message\":{\"id\":\"x\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"model-1\",\"content\":[],"
                    + "\"stop_reason\":null,\"usage\":{\"input_tokens\":11,\"output_tokens\":0}}");

    private static String piece(String text) {
        return event(
                "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    private static String arguments(String json) {
        return event(
                "content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" + json + "\"}");
    }

    private static String ended(String reason) {
        return event("message_delta", "\"delta\":{\"stop_reason\":\"" + reason + "\"},\"usage\":{\"output_tokens\":3}")
                + event("message_stop", "");
    }

    private static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (fields.isEmpty() ? "" : "," + fields)
                + "}\n\n";
    }
}

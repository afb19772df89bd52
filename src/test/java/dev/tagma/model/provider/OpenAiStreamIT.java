package dev.tagma.model.provider;

import dev.tagma.api.v1alpha1.ModelProviderSpec;

class OpenAiStreamIT extends StreamedReplyContract {
    @Override
    ModelProviderSpec.Type type() {
        return ModelProviderSpec.Type.OpenAI;
    }

    @Override
    String begins(String text) {
        return chunk("{\"role\":\"assistant\",\"content\":\"" + text + "\"}", "null");
    }

    @Override
    String ends(String text) {
        return chunk("{\"content\":\"" + text + "\"}", "null") + chunk("{}", "\"stop\"") + COUNTED;
    }

    @Override
    String calls() {
        return chunk(
                        "{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\"a1\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"search\",\"arguments\":\"{\\\"q\\\"\"}}]}",
                        "null")
                + chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":\\\"x\\\"}\"}}]}", "null")
                + chunk("{}", "\"tool_calls\"")
                + COUNTED;
    }

    private static final String COUNTED = "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[],"
            + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\ndata: [DONE]\n\n";

    private static String chunk(String delta, String reason) {
        return "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"model-1\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + reason + "}]}\n\n";
    }
}

package dev.tagma.model.provider;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.tagma.model.Chain;
import dev.tagma.model.ModelClient;
import dev.tagma.model.ModelException;

/** A model behind the Anthropic messages API. */
final class AnthropicModel implements ModelClient {
    private final ChatModelAdapter adapter;

    /** The model {@code name} at {@code baseUrl}, which ends before {@code /messages}. */
    AnthropicModel(String baseUrl, ApiKey key, String name, ProviderHttp http) {
        AnthropicChatModel model = AnthropicChatModel.builder()
                .httpClientBuilder(http.builder())
                .baseUrl(baseUrl)
                // the API has no requests without a key, and langchain4j builds no model without one
                .apiKey(key.absent() ? "none" : key.value())
                .modelName(name)
                // the API wants a limit with each request
                .maxTokens(Chain.DEFAULT_OUTPUT_TOKENS)
                .maxRetries(0)
                .logRequests(false)
                .logResponses(false)
                .build();
        AnthropicStreamingChatModel streaming = AnthropicStreamingChatModel.builder()
                .httpClientBuilder(http.builder())
                .baseUrl(baseUrl)
                .apiKey(key.absent() ? "none" : key.value())
                .modelName(name)
                .maxTokens(Chain.DEFAULT_OUTPUT_TOKENS)
                .logRequests(false)
                .logResponses(false)
                .build();
        this.adapter = new ChatModelAdapter(model, streaming, key, new Reasons());
    }

    @Override
    public ModelReply chat(ModelRequest request) throws ModelException, InterruptedException {
        return adapter.chat(request);
    }

    /** Tells apart the reasons that langchain4j calls other. */
    private static final class Reasons implements Dialect {
        @Override
        public FinishReason finishReason(ChatResponse response) {
            if (response.finishReason() != FinishReason.OTHER
                    || !(response.metadata() instanceof AnthropicChatResponseMetadata metadata)) {
                return response.finishReason();
            }
            String reason = metadata.rawServerSentEvents() == null
                            || metadata.rawServerSentEvents().isEmpty()
                    ? Json.read(metadata.rawHttpResponse().body())
                            .map(reply -> reply.path("stop_reason").asText())
                            .orElse("")
                    : streamed(metadata);
            return switch (reason) {
                case "refusal" -> FinishReason.CONTENT_FILTER;
                case "model_context_window_exceeded" -> FinishReason.LENGTH;
                default -> FinishReason.OTHER;
            };
        }

        private static String streamed(AnthropicChatResponseMetadata metadata) {
            return metadata.rawServerSentEvents().stream()
                    .filter(event -> "message_delta".equals(event.event()))
                    .flatMap(event -> Json.read(event.data()).stream())
                    .map(data -> data.path("delta").path("stop_reason").asText(""))
                    .filter(reason -> !reason.isEmpty())
                    .findFirst()
                    .orElse("");
        }
    }
}

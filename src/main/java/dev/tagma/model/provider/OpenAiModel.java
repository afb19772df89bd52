package dev.tagma.model.provider;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.tagma.model.ModelClient;
import dev.tagma.model.ModelException;
import java.net.URI;

/** A model behind the OpenAI chat completions API: OpenAI, vLLM, Ollama, llama.cpp, LiteLLM and the like. */
final class OpenAiModel implements ModelClient {
    private final ChatModelAdapter adapter;

    /** The model {@code name} at {@code baseUrl}, which ends before {@code /chat/completions}. */
    OpenAiModel(String baseUrl, ApiKey key, String name, ProviderHttp http) {
        OpenAiChatModel model = OpenAiChatModel.builder()
                .httpClientBuilder(http.builder())
                .baseUrl(baseUrl)
                .apiKey(key.absent() ? null : key.value())
                .modelName(name)
                .maxRetries(0)
                .logRequests(false)
                .logResponses(false)
                .build();
        OpenAiStreamingChatModel streaming = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(http.builder())
                .baseUrl(baseUrl)
                .apiKey(key.absent() ? null : key.value())
                .modelName(name)
                .logRequests(false)
                .logResponses(false)
                .build();
        this.adapter = new ChatModelAdapter(model, streaming, key, dialect(baseUrl));
    }

    @Override
    public ModelReply chat(ModelRequest request) throws ModelException, InterruptedException {
        return adapter.chat(request);
    }

    /** OpenAI's newer models refuse max_tokens, other servers do not know the name that took its place. */
    static Dialect dialect(String baseUrl) {
        return "api.openai.com".equalsIgnoreCase(URI.create(baseUrl).getHost())
                ? new CompletionTokens()
                : Dialect.PLAIN;
    }

    private static final class CompletionTokens implements Dialect {
        @Override
        public ChatRequestParameters parameters(ChatRequestParameters common) {
            return OpenAiChatRequestParameters.builder()
                    .temperature(common.temperature())
                    .maxCompletionTokens(common.maxOutputTokens())
                    .toolSpecifications(common.toolSpecifications())
                    .build();
        }
    }
}

package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenAiModelIT extends ModelClientContract {
    @Test
    void theRequestIsAChatCompletion() throws Exception {
        provider.answer(200, said("ok"));

        ask(
                List.of(
                        new Message.System("be brief"),
                        new Message.User("find"),
                        new Message.Assistant(
                                "",
                                List.of(
                                        new ToolCall("c1", "search", "{\"q\":\"a\"}"),
                                        new ToolCall("c2", "search", "broken"))),
                        new Message.ToolResult("c1", "search", "found", false),
                        new Message.ToolResult("c2", "search", "", true),
                        new Message.Assistant("", List.of())),
                Duration.ofSeconds(20));

        assertThat(provider.asked().path()).isEqualTo("/v1/chat/completions");
        assertThat(provider.asked().headers().getFirst("Authorization")).isEqualTo("Bearer " + KEY);
        assertThat(provider.asked().headers().getFirst("Idempotency-Key")).isEqualTo("uid/1");
        JsonNode body = provider.asked().body();
        assertThat(body.path("model").asText()).isEqualTo("model-1");
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.25);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(77);
        assertThat(body.path("stream").asBoolean()).isFalse();
        assertThat(body.path("messages")).isEqualTo(Json.read("""
                [{"role": "system", "content": "be brief"},
                 {"role": "user", "content": "find"},
                 {"role": "assistant", "tool_calls": [
                   {"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{\\"q\\":\\"a\\"}"}},
                   {"id": "c2", "type": "function", "function": {"name": "search", "arguments": "{\\"invalid\\":\\"broken\\"}"}}]},
                 {"role": "tool", "tool_call_id": "c1", "content": "found"},
                 {"role": "tool", "tool_call_id": "c2", "content": "(no output)"},
                 {"role": "assistant", "content": "(no answer)"}]
                """).orElseThrow());
        JsonNode function = body.path("tools").path(0).path("function");
        assertThat(function.path("name").asText()).isEqualTo("search");
        assertThat(function.path("description").asText()).isEqualTo("Searches.");
        assertThat(function.path("parameters"))
                .isEqualTo(Json.read(Json.write(SCHEMA)
                                .replace("\"any\":true", "\"any\":{}")
                                .replace("\"additionalProperties\":false,", ""))
                        .orElseThrow());
    }

    @Test
    void openAiItselfHasAnotherNameForTheLimit() throws Exception {
        ChatRequestParameters common = ChatRequestParameters.builder()
                .temperature(0.5)
                .maxOutputTokens(9)
                .build();

        ChatRequestParameters renamed =
                OpenAiModel.dialect("https://api.openai.com/v1").parameters(common);

        assertThat(renamed).isInstanceOfSatisfying(OpenAiChatRequestParameters.class, parameters -> {
            assertThat(parameters.maxCompletionTokens()).isEqualTo(9);
            assertThat(parameters.maxOutputTokens()).isNull();
            assertThat(parameters.temperature()).isEqualTo(0.5);
        });
        assertThat(OpenAiModel.dialect("http://localhost:11434/v1").parameters(common))
                .isSameAs(common);
    }

    @Test
    void aFilteredRequestIsRefusedContent() {
        for (String error : List.of(
                "{\"error\": {\"code\": \"content_filter\", \"message\": \"no\"}}",
                "{\"error\": {\"code\": \"content_policy_violation\", \"message\": \"no\"}}",
                "{\"error\": {\"message\": \"no\", \"innererror\": {\"code\": \"ResponsibleAIPolicyViolation\"}}}")) {
            provider.answer(400, error);

            assertThatThrownBy(() -> ask(Duration.ofSeconds(20)))
                    .extracting(e -> ((ModelException) e).kind())
                    .isEqualTo(Kind.ContentRefused);
        }
    }

    @Test
    void aRefusalInTheReplyIsRefusedContent() {
        provider.answer(200, """
                {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "refusal": "I cannot."}}]}
                """);

        assertThatThrownBy(() -> ask(Duration.ofSeconds(20)))
                .hasMessage("I cannot.")
                .extracting(e -> ((ModelException) e).kind())
                .isEqualTo(Kind.ContentRefused);
    }

    @Override
    ModelProviderSpec.Type type() {
        return ModelProviderSpec.Type.OpenAI;
    }

    @Override
    String said(String text) {
        return completion("{\"role\": \"assistant\", \"content\": \"" + text + "\"}", "stop", USAGE);
    }

    @Override
    String calls(List<String> ids) {
        String calls = ids.stream()
                .map(
                        id -> "{\"id\": " + (id.equals("null") ? id : "\"" + id + "\"")
                                + ", \"type\": \"function\", \"function\": {\"name\": \"search\", \"arguments\": \"{\\\"q\\\":\\\"x\\\"}\"}}")
                .collect(Collectors.joining(", "));
        return completion(
                "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [" + calls + "]}", "tool_calls", USAGE);
    }

    @Override
    String uncounted(String text) {
        return completion("{\"role\": \"assistant\", \"content\": \"" + text + "\"}", "stop", "");
    }

    @Override
    String ended(String reason) {
        return completion("{\"role\": \"assistant\", \"content\": \"so far\"}", reason, USAGE);
    }

    private static final String USAGE =
            ", \"usage\": {\"prompt_tokens\": 11, \"completion_tokens\": 3, \"total_tokens\": 14}";

    private static String completion(String message, String reason, String usage) {
        return "{\"id\": \"x\", \"object\": \"chat.completion\", \"model\": \"model-1\", \"choices\": [{\"index\": 0, \"message\": "
                + message + ", \"finish_reason\": \"" + reason + "\"}]" + usage + "}";
    }
}

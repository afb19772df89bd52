package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnthropicModelIT extends ModelClientContract {
    @Test
    void theRequestIsAMessage() throws Exception {
        provider.answer(200, said("ok"));

        ask(
                List.of(
                        new Message.System("be brief"),
                        new Message.User("find"),
                        new Message.Assistant(
                                "I look.",
                                List.of(
                                        new ToolCall("c1", "search", "{\"q\":\"a\"}"),
                                        new ToolCall("c2", "search", "broken"))),
                        new Message.ToolResult("c1", "search", "found", false),
                        new Message.ToolResult("c2", "search", "", true)),
                Duration.ofSeconds(20));

        assertThat(provider.asked().path()).isEqualTo("/v1/messages");
        assertThat(provider.asked().headers().getFirst("x-api-key")).isEqualTo(KEY);
        JsonNode body = provider.asked().body();
        assertThat(body.path("model").asText()).isEqualTo("model-1");
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.25);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(77);
        assertThat(body.path("system"))
                .isEqualTo(Json.read("[{\"type\": \"text\", \"text\": \"be brief\"}]")
                        .orElseThrow());
        assertThat(body.path("messages")).isEqualTo(Json.read("""
                [{"role": "user", "content": [{"type": "text", "text": "find"}]},
                 {"role": "assistant", "content": [
                   {"type": "text", "text": "I look."},
                   {"type": "tool_use", "id": "c1", "name": "search", "input": {"q": "a"}},
                   {"type": "tool_use", "id": "c2", "name": "search", "input": {"invalid": "broken"}}]},
                 {"role": "user", "content": [
                   {"type": "tool_result", "tool_use_id": "c1", "content": "found"},
                   {"type": "tool_result", "tool_use_id": "c2", "content": "(no output)", "is_error": true}]}]
                """).orElseThrow());
        JsonNode tool = body.path("tools").path(0);
        assertThat(tool.path("name").asText()).isEqualTo("search");
        assertThat(tool.path("input_schema").path("properties").path("q")).isEqualTo(SCHEMA.at("/properties/q"));
        assertThat(tool.path("input_schema").path("required")).isEqualTo(SCHEMA.get("required"));
        assertThat(tool.path("input_schema").path("$defs")).isEqualTo(SCHEMA.get("$defs"));
    }

    @Test
    void aReplyWithoutContentIsEmpty() throws Exception {
        provider.answer(200, message("", "end_turn", USAGE));
        assertThat(ask(Duration.ofSeconds(20)).text()).isEmpty();

        provider.answer(200, message("", "refusal", USAGE));
        assertThat(ask(Duration.ofSeconds(20)).stop()).isEqualTo(Stop.Refused);
    }

    @Override
    ModelProviderSpec.Type type() {
        return ModelProviderSpec.Type.Anthropic;
    }

    @Override
    String said(String text) {
        return message("{\"type\": \"text\", \"text\": \"" + text + "\"}", "end_turn", USAGE);
    }

    @Override
    String calls(List<String> ids) {
        return message(
                ids.stream()
                        .map(id -> "{\"type\": \"tool_use\", \"id\": " + (id.equals("null") ? id : "\"" + id + "\"")
                                + ", \"name\": \"search\", \"input\": {\"q\": \"x\"}}")
                        .collect(Collectors.joining(", ")),
                "tool_use",
                USAGE);
    }

    @Override
    String uncounted(String text) {
        return message("{\"type\": \"text\", \"text\": \"" + text + "\"}", "end_turn", "");
    }

    @Override
    String ended(String reason) {
        return message("{\"type\": \"text\", \"text\": \"so far\"}", reason, USAGE);
    }

    private static final String USAGE = ", \"usage\": {\"input_tokens\": 11, \"output_tokens\": 3}";

    private static String message(String content, String reason, String usage) {
        return "{\"id\": \"x\", \"type\": \"message\", \"role\": \"assistant\", \"model\": \"model-1\", \"content\": ["
                + content + "], \"stop_reason\": \"" + reason + "\"" + usage + "}";
    }
}

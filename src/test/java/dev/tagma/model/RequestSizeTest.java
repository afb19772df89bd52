package dev.tagma.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSizeTest {
    private static final long AROUND_A_PART = 8;

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "d\u00e9j\u00e0 vu", "\u4e2d\u6587", "\ud83d\ude80!"})
    void aTokenStandsForThreeBytesOfText(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;

        assertThat(RequestSize.tokens(List.of(new Message.User(text)), List.of()))
                .isEqualTo(Math.ceilDiv(bytes, 3) + AROUND_A_PART);
    }

    @Test
    void callsResultsAndToolsCount() {
        List<Message> messages = List.of(
                new Message.System("abc"),
                new Message.Assistant(
                        null, List.of(new ToolCall("id", "add", "{\"a\":1234}"), new ToolCall("id", "add", null))),
                new Message.ToolResult("id", "add", "1234", false));
        List<ToolDefinition> tools = List.of(
                new ToolDefinition(
                        "add", "adds", JsonNodeFactory.instance.objectNode().put("b", 1)),
                new ToolDefinition("sub", null, null));

        long bytes = 3 + (3 + 10) + 3 + 4 + (3 + 4 + 7) + 3;
        assertThat(RequestSize.tokens(messages, tools)).isEqualTo(Math.ceilDiv(bytes, 3) + 7 * AROUND_A_PART);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":[1,-2.50,true,null,{\"b\":[]}]}",
                "{\"\\\"\":\"\\\\ \\n \u00e9\u4e2d\"}",
                "[\"\",[[]],{}]"
            })
    void aSchemaCountsAsItIsWritten(String schema) throws Exception {
        JsonNode parameters = new ObjectMapper().readTree(schema);
        int bytes = parameters.toString().getBytes(StandardCharsets.UTF_8).length;

        long tokens = RequestSize.tokens(List.of(), List.of(new ToolDefinition("add", "adds", parameters)));

        // an escape counts for the longest form, so that the estimate stays the most
        assertThat(tokens)
                .isBetween(
                        Math.ceilDiv(7 + bytes, 3L) + AROUND_A_PART, Math.ceilDiv(7 + bytes, 3L) + AROUND_A_PART + 2);
    }
}

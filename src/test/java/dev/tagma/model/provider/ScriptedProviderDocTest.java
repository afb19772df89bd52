package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.mission.step.ToolCall;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScriptedProviderDocTest {
    @Test
    void theExampleOfTheReferenceRuns() throws Exception {
        ScriptedConversation talk =
                ScriptedConversation.of(example()).goal("Estimate.", """
                {"suppliers": [{"name": "A", "category": "steel", "spend": 10}, {"name": "B", "category": "paper", "spend": 20}]}
                """).tools("factors");

        assertThat(talk.refusals()).isEqualTo(2);
        assertThat(talk.turn().calls()).hasSize(2);
        assertThat(talk.results("{\"factor\": 0.10}", "{\"factor\": 0.3}")
                        .turn()
                        .calls())
                .containsExactly("emission {\"spend\":10,\"factor\":0.10}", "emission {\"spend\":20,\"factor\":0.3}");
        assertThat(talk.results("{\"kg\": 1.00}", "{\"kg\": 6.0}").turn().calls())
                .containsExactly("calculator {\"expression\":\"1.00 + 6.0\"}");
        assertThat(talk.results("7.00").ask().text()).isEqualTo("{\"suppliers\":[\"A\",\"B\"],\"totalKg\":7.00}");
    }

    @Test
    void theExampleKeepsItsPlaceInALongMission() throws Exception {
        String suppliers = IntStream.range(0, 36)
                .mapToObj(i -> "{\"name\": \"S" + i + "\", \"category\": \"c" + i + "\", \"spend\": " + i + ".5}")
                .collect(Collectors.joining(","));
        ScriptedConversation talk = ScriptedConversation.of(example())
                .goal("Estimate.", "{\"suppliers\": [" + suppliers + "]}")
                .tools("factors");
        List<String> asked = new ArrayList<>();
        talk.refusals();

        while (talk.turn().isCalling()) {
            asked.addAll(talk.calls());
            talk.resultsOf(ScriptedProviderDocTest::tool).window(50);
        }

        assertThat(asked).hasSize(36 + 36 + 1).doesNotHaveDuplicates();
        assertThat(talk.said()).endsWith("\"totalKg\":129.60}");
    }

    /** The tools of the example: a factor of 0.2, spend times factor, and the sum. */
    private static String tool(ToolCall call) {
        JsonNode arguments = Json.read(call.arguments()).orElseThrow();
        return switch (call.tool()) {
            case "factors" -> "{\"factor\": 0.2}";
            case "emission" ->
                "{\"kg\": "
                        + arguments
                                .get("spend")
                                .decimalValue()
                                .multiply(arguments.get("factor").decimalValue()) + "}";
            default ->
                Arrays.stream(arguments.get("expression").textValue().split(" \\+ "))
                        .map(BigDecimal::new)
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .toString();
        };
    }

    private static String example() throws IOException {
        String page = Files.readString(Path.of("docs/scripted-provider.md"));
        int begin = page.indexOf("latency:");
        return page.substring(begin, page.indexOf("```", begin));
    }
}

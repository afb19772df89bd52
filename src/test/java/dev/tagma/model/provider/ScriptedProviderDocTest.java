package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static String example() throws IOException {
        String page = Files.readString(Path.of("docs/scripted-provider.md"));
        int begin = page.indexOf("latency:");
        return page.substring(begin, page.indexOf("```", begin));
    }
}

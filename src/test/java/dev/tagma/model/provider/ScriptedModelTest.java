package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptedModelTest {
    @Test
    void theFirstRuleThatAppliesReplies() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - when: {goalContains: weather}
                  reply: {text: It rains.}
                - when: {goalContains: "/count(s|ed)/"}
                  reply: {text: One. Two.}
                - reply: {text: "You said: {{goal}}"}
                """);

        assertThat(talk.goal("how is the weather?").ask().text()).isEqualTo("It rains.");
        assertThat(talk.goal("he counted").ask().text()).isEqualTo("One. Two.");
        assertThat(talk.goal("hello").ask().text()).isEqualTo("You said: hello");
    }

    @Test
    void everyConditionOfARuleMustHold() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - when: {turn: 1.., afterTool: search, toolFailed: true}
                  reply: {text: failed}
                - when: {afterTool: search}
                  reply: {text: "found {{last}}"}
                - when: {model: other}
                  reply: {text: never}
                - when: {hasTools: true}
                  reply: {text: tools}
                - when: {contains: secret}
                  reply: {text: a secret}
                - when: {lastContains: bye}
                  reply: {text: bye}
                - when: {turn: 0}
                  reply: {toolCalls: [{tool: search, arguments: {q: x}}]}
                """);

        assertThat(talk.goal("x").ask().toolCalls())
                .extracting(ToolCall::arguments)
                .containsExactly("{\"q\":\"x\"}");
        assertThat(talk.goal("x").turn().results("a book").ask().text()).isEqualTo("found a book");
        assertThat(talk.goal("x").turn().failures("oh").ask().text()).isEqualTo("failed");
        assertThat(talk.goal("a secret").ask().text()).isEqualTo("a secret");
        assertThat(talk.goal("good bye").ask().text()).isEqualTo("bye");
        assertThat(talk.goal("x").tools("search").ask().text()).isEqualTo("tools");
    }

    @Test
    void aConversationWithoutARuleIsRefusedAndSaysHowToGoOn() {
        ScriptedConversation talk = ScriptedConversation.of("rules: [{when: {turn: 5}, reply: {text: x}}]");

        assertThatThrownBy(() -> talk.goal("x").ask())
                .hasMessageContaining("turn 0")
                .hasMessageContaining("add a last rule without a condition")
                .extracting(e -> ((ModelException) e).kind())
                .isEqualTo(ModelException.Kind.InvalidRequest);
    }

    @Test
    void forEachCallsInBatchesAndThenLeavesTheRule() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - reply:
                    toolCalls:
                    - {tool: factors, forEach: inputs.suppliers, batch: 2, arguments: {key: "{{item.category}}"}}
                - reply:
                    toolCalls:
                    - tool: emission
                      forEach: inputs.suppliers
                      needs: factors
                      arguments: {spend: "{{item.spend}}", factor: "{{results.factors[index].factor}}"}
                - when: {afterTool: emission}
                  reply: {toolCalls: [{tool: add, arguments: {expression: "{{results.emission[*].kg | join \\" + \\"}}"}}]}
                - reply: {json: {total: "{{result.add}}", first: "{{inputs.suppliers[0].category}}"}}
                """);
        talk.goal("total", """
                {"suppliers": [{"category": "steel", "spend": 10.50}, {"category": "paper", "spend": 2}, {"category": "glass", "spend": 3}]}
                """);

        assertThat(talk.turn().calls()).containsExactly("factors {\"key\":\"steel\"}", "factors {\"key\":\"paper\"}");
        talk.results("{\"factor\": 0.10}", "{\"factor\": 0.2}");
        assertThat(talk.turn().calls()).containsExactly("factors {\"key\":\"glass\"}");
        talk.results("{\"factor\": 0.3}");
        assertThat(talk.turn().calls())
                .containsExactly(
                        "emission {\"spend\":10.50,\"factor\":0.10}",
                        "emission {\"spend\":2,\"factor\":0.2}",
                        "emission {\"spend\":3,\"factor\":0.3}");
        talk.results("{\"kg\": 1.0500}", "{\"kg\": 0.4}", "{\"kg\": 0.9}");
        assertThat(talk.turn().calls()).containsExactly("add {\"expression\":\"1.0500 + 0.4 + 0.9\"}");
        talk.results("2.3500");
        assertThat(talk.ask().text()).isEqualTo("{\"total\":2.3500,\"first\":\"steel\"}");
    }

    @Test
    void aCutWindowLosesNeitherTheTurnNorTheElement() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - reply: {toolCalls: [{tool: f, forEach: inputs.list, batch: 1, arguments: {at: "{{item}}"}}]}
                - reply: {text: "turn {{turn}}"}
                """);
        talk.goal("go", "{\"list\": [1, 2, 3]}");
        talk.turn().results("a");
        talk.turn().results("b");

        talk.forget(2);

        assertThat(talk.turn().calls()).containsExactly("f {\"at\":3}");
        assertThat(talk.results("c").ask().text()).isEqualTo("turn 3");
    }

    @Test
    void anExchangeThatLeftTheWindowIsNotBegunAgain() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - reply: {toolCalls: [{tool: f, forEach: inputs.list}]}
                - reply: {toolCalls: [{tool: g, forEach: inputs.list, batch: 1}]}
                - when: {turn: 3}
                  reply: {text: "{{results.g[*]}}"}
                - reply: {text: "{{results.f[*]}}"}
                """);
        talk.goal("go", "{\"list\": [1, 2]}");
        talk.turn().results("1", "2");
        assertThat(talk.turn().calls()).containsExactly("g {}");

        talk.results("3").forget(3);

        assertThat(talk.turn().calls()).containsExactly("g {}");
        assertThat(talk.results("4").ask().text()).isEqualTo("[3,4]");
        talk.say("more");
        assertThatThrownBy(talk::ask).hasMessageContaining("element 0 of results.f[*]");
    }

    @Test
    void callsOfAnotherModelOfTheChainAreCounted() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - when: {turn: 0}
                  reply: {toolCalls: [{tool: f}]}
                - when: {turn: 2}
                  reply: {toolCalls: [{tool: f}]}
                - reply: {text: "{{results.f[*]}} {{result.f}}"}
                """);
        talk.goal("go").turn().results("1");
        talk.otherModelCalls("f", "toolu_01").results("2");

        assertThat(talk.turn().results("3").ask().text()).isEqualTo("[1,2,3] 3");
    }

    @Test
    void aSumOverResultsThatTheWindowCutIsRefused() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - when: {turn: 0..1}
                  reply: {toolCalls: [{tool: f}]}
                - reply: {text: "{{results.f[*]}}"}
                """);
        talk.goal("go").turn().results("1").turn().results("2");
        assertThat(talk.ask().text()).isEqualTo("[1,2]");

        talk.forget(2);

        assertThatThrownBy(talk::ask).hasMessageContaining("rules[1]").hasMessageContaining("history window");
    }

    @Test
    void theSameConversationHasTheSameReply() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of(
                "rules: [{reply: {toolCalls: [{tool: a, arguments: {n: '{{turn}}'}}, {tool: a}, {tool: b}]}}]");
        ModelReply first = talk.goal("x").ask();

        assertThat(talk.ask()).isEqualTo(first);
        assertThat(first.toolCalls()).extracting(ToolCall::id).doesNotHaveDuplicates();
        assertThat(first.stop()).isEqualTo(Stop.ToolCalls);
    }

    @Test
    void aMissingValueNamesTheRuleAndThePath() {
        ScriptedConversation talk =
                ScriptedConversation.of("rules: [{name: greet, reply: {text: 'hi {{inputs.nobody.name}}'}}]");

        assertThatThrownBy(() -> talk.goal("x", "{\"somebody\": 1}").ask())
                .hasMessage(
                        "script rules[0] (greet): there is no inputs.nobody.name: no field nobody in {\"somebody\":1}");
    }

    @Test
    void elementsAreFoundByTheValueOfAField() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of(
                "rules: [{reply: {text: '{{inputs.rows[name=inputs.wanted].value}} {{inputs.rows[-1].name}}'}}]");

        assertThat(talk.goal("x", """
                {"wanted": "b", "rows": [{"name": "a", "value": 1}, {"name": "b", "value": 2}]}""").ask().text()).isEqualTo("2 b");
    }

    @Test
    void argumentsAsATextAreSentAsTheyAre() throws Exception {
        ScriptedConversation talk =
                ScriptedConversation.of("rules: [{reply: {toolCalls: [{tool: nowhere, arguments: '{\"broken'}]}}]");

        assertThat(talk.goal("x").ask().toolCalls().getFirst().arguments()).isEqualTo("{\"broken");
    }

    @Test
    void aFaultIsInjectedAsOftenAsItSays() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - fault: {kind: RateLimited, times: 2, retryAfter: 3s, message: slow down}
                - reply: {text: at last}
                """);
        talk.goal("x");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(talk::ask).hasMessage("slow down").satisfies(e -> {
                assertThat(((ModelException) e).kind()).isEqualTo(ModelException.Kind.RateLimited);
                assertThat(((ModelException) e).retryAfter()).isEqualTo(Duration.ofSeconds(3));
            });
        }
        assertThat(talk.ask().text()).isEqualTo("at last");
    }

    @ParameterizedTest
    @EnumSource(Script.FaultKind.class)
    void everyFaultHasItsKind(Script.FaultKind kind) {
        ScriptedConversation talk = ScriptedConversation.of("rules: [{fault: {kind: " + kind + "}}]");

        assertThatThrownBy(() -> talk.goal("x").ask())
                .extracting(e -> ((ModelException) e).kind().name())
                .isEqualTo(kind == Script.FaultKind.Hang ? "Timeout" : kind.name());
    }

    @Test
    void aProbableFaultStrikesAboutThatOften() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of(
                "rules: [{fault: {kind: Unreachable, probability: 0.25}, reply: {text: fine}}]");
        talk.goal("x");
        int failures = 0;
        for (int i = 0; i < 1_000; i++) {
            try {
                talk.ask();
            } catch (ModelException e) {
                failures++;
            }
        }
        assertThat(failures).isBetween(200, 300);
    }

    @Test
    void latencyPassesAndIsCutByTheTimeout() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                latency: 20ms..80ms
                rules:
                - {when: {goalContains: slow}, latency: 2m, reply: {text: x}}
                - {when: {goalContains: hang}, fault: {kind: Hang}}
                - reply: {text: y}
                """);

        talk.goal("fast").ask();
        assertThat(talk.slept()).isBetween(Duration.ofMillis(20), Duration.ofMillis(80));
        for (String goal : new String[] {"slow", "hang"}) {
            talk.goal(goal);
            Duration before = talk.slept();
            assertThatThrownBy(talk::ask)
                    .extracting(e -> ((ModelException) e).kind())
                    .isEqualTo(ModelException.Kind.Timeout);
            assertThat(talk.slept().minus(before)).isEqualTo(ScriptedConversation.TIMEOUT);
        }
    }

    @Test
    void tokensAreGivenOrEstimatedByLength() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("""
                rules:
                - {when: {turn: 1}, reply: {text: done, inputTokens: 7, outputTokens: 9, stop: Length}}
                - reply: {text: abc, toolCalls: [{tool: tool}]}
                """);

        ModelReply estimated = talk.goal("12345").ask();
        assertThat(estimated.inputTokens()).isEqualTo(2);
        assertThat(estimated.outputTokens()).isEqualTo(3);
        ModelReply given = talk.turn().results("ok").ask();
        assertThat(given.inputTokens()).isEqualTo(7);
        assertThat(given.outputTokens()).isEqualTo(9);
        assertThat(given.stop()).isEqualTo(Stop.Length);
    }

    @Test
    void aTextCanBeAsLongAsAProviderMightSend() throws Exception {
        ScriptedConversation talk = ScriptedConversation.of("rules: [{reply: {text: '0123456789', repeat: 100000}}]");

        assertThat(talk.goal("x").ask().text()).hasSize(1_000_000);
    }
}

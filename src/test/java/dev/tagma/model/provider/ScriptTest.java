package dev.tagma.model.provider;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rules: []                                                    | script.rules: must be a list of 1 to 1000 elements, is a list of 0
            latency: 1s                                                  | script.rules: is missing
            hello                                                        | script: must be a mapping, is "hello"
            rules: [{reply: {text: x}}], seed: 4                         | script.seed: is not known here; known are latency, rules
            rules: [{reply: {text: x}, wen: {}}]                         | script.rules[0].wen: is not known here
            rules: [{when: {turn: 0}}]                                   | script.rules[0]: needs a reply, a fault, or both
            rules: [{when: {turn: soon}, reply: {text: x}}]              | script.rules[0].when.turn: must be a number or a range
            rules: [{when: {turn: 3..1}, reply: {text: x}}]              | script.rules[0].when.turn: ends before it begins
            rules: [{when: {contains: '/(/'}, reply: {text: x}}]         | script.rules[0].when.contains: is no regular expression
            rules: [{when: {toolFailed: maybe}, reply: {text: x}}]       | script.rules[0].when.toolFailed: must be true or false
            rules: [{latency: 5, reply: {text: x}}]                      | script.rules[0].latency: "5" is no duration
            rules: [{latency: 5s..1s, reply: {text: x}}]                 | script.rules[0].latency: ends before it begins
            rules: [{reply: {}}]                                         | script.rules[0].reply: needs text, json or toolCalls
            rules: [{reply: {text: x, json: {}}}]                        | script.rules[0].reply: has both text and json
            rules: [{reply: {text: [x]}}]                                | script.rules[0].reply.text: must be a string, is a list of 1
            rules: [{reply: {text: '{{goal'}}]                           | script.rules[0].reply.text: "{{goal" lacks its closing }}
            rules: [{reply: {text: '{{gaol}}'}}]                         | script.rules[0].reply.text: "gaol" must begin with one of goal, index
            rules: [{reply: {text: '{{inputs.a[b]}}'}}]                  | script.rules[0].reply.text: "inputs.a[b]" cannot be read from "[b]" on
            rules: [{reply: {text: '{{inputs.a, sum}}'}}]                | script.rules[0].reply.text: "inputs.a, sum" cannot be read
            rules: [{reply: {text: '{{results}}'}}]                      | script.rules[0].reply.text: "results" must name a tool
            rules: [{reply: {text: '{{item}}'}}]                         | script.rules[0].reply.text: names item or index
            rules: [{reply: {outputTokens: -1, text: x}}]                | script.rules[0].reply.outputTokens: must be a whole number from 0
            rules: [{reply: {stop: Never, text: x}}]                     | script.rules[0].reply.stop: must be one of [Answer, ToolCalls, Length, Refused]
            rules: [{reply: {toolCalls: [{arguments: {}}]}}]             | script.rules[0].reply.toolCalls[0].tool: is missing
            rules: [{reply: {toolCalls: [{tool: a, batch: 2}]}}]         | script.rules[0].reply.toolCalls[0]: has batch or needs without forEach
            rules: [{reply: {toolCalls: [{tool: a, arguments: {b: '{{item}}'}}]}}] | script.rules[0].reply.toolCalls[0].arguments: names item or index
            rules: [{reply: {toolCalls: [{tool: a, forEach: goals}]}}]   | script.rules[0].reply.toolCalls[0].forEach: "goals" must begin
            rules: [{reply: {toolCalls: [{tool: a, forEach: inputs.b}, {tool: a}]}}] | script.rules[0].reply.toolCalls: calls a beside its forEach
            rules: [{reply: {toolCalls: [{tool: a, forEach: inputs.b, needs: c}]}}] | script.rules[0]: needs c, which no rule calls: name one of a
            rules: [{fault: {}}]                                         | script.rules[0].fault.kind: is missing
            rules: [{fault: {kind: Flood}}]                              | script.rules[0].fault.kind: must be one of [RateLimited
            rules: [{fault: {kind: Hang, times: 1, probability: 0.5}}]   | script.rules[0].fault: has both times and probability
            rules: [{fault: {kind: Hang, probability: 2}}]               | script.rules[0].fault.probability: must be a number from 0 to 1, is 2
            rules: [                                                     | script: line 1 is no YAML
            """)
    void whatIsWrongIsRefusedByFieldAndFix(String script, String message) {
        String yaml = script.contains(", seed") ? script.replace(", seed", "\nseed") : script;

        assertThatThrownBy(() -> Script.parse(yaml))
                .isInstanceOf(InvalidScriptException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aScriptOfTooManyToolsIsRefused() {
        String calls =
                IntStream.rangeClosed(1, 17).mapToObj(i -> "{tool: t" + i + "}").collect(Collectors.joining(", "));

        assertThatThrownBy(() -> Script.parse("rules: [{reply: {toolCalls: [" + calls + "]}}]"))
                .hasMessage("script.rules: call 17 tools: a script calls at most 16");
    }
}

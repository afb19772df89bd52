package dev.tagma.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.agent.tool.ToolChecks.Problem;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Observation.Result;
import dev.tagma.mission.step.StepContent.Plan.Item;
import dev.tagma.mission.step.StepContent.Plan.State;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolboxTest {
    private static final String POOL = """
            {"agents": [{"name": "analyst", "tools": ["calc", "todo", "factors", "total", "fetch", "remote"]}, {"name": "idle"}],
             "tools": [
               {"name": "calc", "builtin": "Calculator"},
               {"name": "todo", "builtin": "Plan"},
               {"name": "factors", "lookup": {"configMapKeyRef": {"name": "tables", "key": "factors.csv"}}},
               {"name": "total", "formula": {"expression": "a * b", "inputs": [{"name": "a"}, {"name": "b"}]}},
               {"name": "fetch", "http": {"url": "https://example.com/{id}"}},
               {"name": "remote", "mcp": {"url": "https://example.com/mcp"}}]}
            """;

    private final Toolbox tools = Toolbox.of(revision(POOL), "analyst", new LookupTables());

    @Test
    void localToolsAreDefinedAndOutsideOnesNamed() {
        assertThat(tools.definitions())
                .extracting(ToolDefinition::name)
                .containsExactly("calc", "todo", "factors", "total");
        assertThat(tools.outside()).extracting(AgentPoolSpec.Tool::name).containsExactly("fetch", "remote");
        assertThat(tools.isOutside("fetch")).isTrue();
        assertThat(tools.isOutside("calc")).isFalse();
        assertThat(tools.isOutside("nothing")).isFalse();
        assertThat(tools.find("remote")).isPresent();
    }

    @Test
    void aCallIsDispatchedByName() {
        assertThat(call("calc", "{\"expression\": \"6*7\"}")).isEqualTo(ToolOutput.ok("42"));
        assertThat(call("total", "{\"a\": 2, \"b\": 3}")).isEqualTo(ToolOutput.ok("6"));
        assertThat(call("factors", "{\"where\": {\"fuel\": \"diesel\"}}"))
                .isEqualTo(ToolOutput.ok("{\"matched\":1,\"rows\":[{\"fuel\":\"diesel\",\"factor\":\"2.70\"}]}"));
    }

    @Test
    void anUnknownToolIsAnErrorThatListsTheKnownOnes() {
        assertThat(call("calculatr", "{}"))
                .isEqualTo(ToolOutput.error(
                        "There is no tool \"calculatr\". Your tools: calc, todo, factors, total, fetch, remote."));
        Toolbox none = Toolbox.of(revision(POOL), "idle", new LookupTables());
        assertThat(none.call(new ToolCall("1", "calc", "{}")))
                .isEqualTo(ToolOutput.error("There is no tool \"calc\". You have no tools."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            calc  | {"expression":                         | The arguments are no JSON
            calc  | {"expression": "1"} trailing           | The arguments are no JSON
            calc  | {"expression": "1", "expression": "2"} | Duplicate field
            calc  | [1]                                    | must be one JSON object with expression, not array
            calc  | {}                                     | required property 'expression' not found
            calc  | {"expression": 5}                      | /expression: integer found, string expected
            calc  | {"expresion": "1"}                     | 'expresion' is not defined in the schema
            total | {"a": 1}                               | required property 'b' not found
            todo  | {"items": [{"text": "x"}]}             | /items/0: required property 'state' not found
            todo  | {"items": [{"text": "x", "state": "Later"}]} | does not have a value in the enumeration
            """)
    void badArgumentsAreErrorsThatNameTheArgument(String tool, String arguments, String problem) {
        assertThat(call(tool, arguments))
                .isInstanceOfSatisfying(
                        ToolOutput.Error.class,
                        error -> assertThat(error.text().shown()).contains(problem));
    }

    @Test
    void noArgumentsAtAllAreAnEmptyObject() {
        assertThat(call("factors", null)).isInstanceOf(ToolOutput.Ok.class);
        assertThat(call("factors", " ")).isInstanceOf(ToolOutput.Ok.class);
    }

    @Test
    void aPlanReplacesTheList() {
        ToolOutput plan = call(
                "todo",
                "{\"items\": [{\"text\": \"read\", \"state\": \"Done\"}, {\"text\": \"sum\", \"state\": \"InProgress\"}]}");
        assertThat(plan.step(4, new ToolCall("c1", "todo", "")))
                .isEqualTo(new StepContent.Plan(
                        4, "c1", java.util.List.of(new Item("read", State.Done), new Item("sum", State.InProgress))));
        String item = "{\"text\": \"x\", \"state\": \"Pending\"},";
        assertThat(call("todo", "{\"items\": [" + item.repeat(50) + "{\"text\": \"y\", \"state\": \"Done\"}]}"))
                .isInstanceOf(ToolOutput.Error.class);
    }

    @Test
    void anOutputBecomesTheStepThatRecordsIt() {
        assertThat(call("calc", "{\"expression\": \"1+1\"}").step(7, new ToolCall("c9", "calc", "")))
                .isEqualTo(new StepContent.Observation(7, "c9", "calc", "2", Result.Ok, 0));
    }

    @Test
    void theLoopSeesWhatItNeeds() {
        assertThat(tools.anyOutside()).isTrue();
        assertThat(tools.timeout("calc")).isEqualTo(java.time.Duration.ofSeconds(60));
        assertThat(tools.timeout("nothing")).isEqualTo(java.time.Duration.ofSeconds(60));
        assertThat(tools.call(7, new ToolCall("c9", "nothing", "")))
                .isInstanceOfSatisfying(
                        StepContent.Observation.class,
                        o -> assertThat(o.result()).isEqualTo(Result.Error));
    }

    @Test
    void schemasOfOneIdDoNotMix() throws Exception {
        var mapper = new ObjectMapper();
        String schema = "{\"$id\": \"https://a.test/s\", \"type\": \"object\", \"required\": [\"%s\"]}";
        ArgumentSchema first = ArgumentSchema.of(mapper.readTree(schema.formatted("a")));
        ArgumentSchema second = ArgumentSchema.of(mapper.readTree(schema.formatted("b")));
        assertThat(first.read("{\"a\": 1}")).isInstanceOf(ArgumentSchema.Arguments.Valid.class);
        assertThat(second.read("{\"b\": 1}")).isInstanceOf(ArgumentSchema.Arguments.Valid.class);
        assertThat(second.read("{\"a\": 1}")).isInstanceOf(ArgumentSchema.Arguments.Invalid.class);
    }

    @Test
    void deepArgumentsAreRefused() {
        assertThat(call("factors", "{\"where\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                .isInstanceOf(ToolOutput.Error.class);
        assertThat(call("factors", "{\"where\": " + "[".repeat(900) + "]".repeat(900) + "}"))
                .isInstanceOf(ToolOutput.Error.class);
    }

    @Test
    void theOnlyAgentNeedsNoName() {
        PoolRevision one = revision("{\"agents\": [{\"name\": \"solo\"}]}");
        assertThat(Toolbox.of(one, null, new LookupTables()).definitions()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> Toolbox.of(revision(POOL), "nobody", new LookupTables()))
                .hasMessageContaining("has no agent nobody; its agents: analyst, idle");
        assertThatThrownBy(() -> Toolbox.of(
                        revision("{\"agents\": [{\"name\": \"a\", \"tools\": [\"x\"]}]}"), "a", new LookupTables()))
                .hasMessageContaining("agent names the tool x");
    }

    @Test
    void everyToolOfAPoolIsChecked() {
        assertThat(ToolChecks.check(revision(POOL))).isEmpty();
        assertThat(ToolChecks.check(revision("""
                        {"tools": [
                          {"name": "f", "formula": {"expression": "a *", "inputs": [{"name": "a"}]}},
                          {"name": "l", "lookup": {"configMapKeyRef": {"name": "tables", "key": "gone.csv"}}},
                          {"name": "m", "lookup": {"configMapKeyRef": {"name": "tables", "key": "table.txt"}}},
                          {"name": "h", "parameters": {"type": "objekt"}},
                          {"name": "r", "parameters": {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1/x"}}}}]}
                        """)))
                .extracting(Problem::field)
                .containsExactly(
                        "spec.tools[0].formula",
                        "spec.tools[1].lookup.configMapKeyRef",
                        "spec.tools[2].lookup.configMapKeyRef",
                        "spec.tools[3].parameters",
                        "spec.tools[4].parameters");
    }

    private ToolOutput call(String tool, String arguments) {
        return tools.call(new ToolCall("1", tool, arguments));
    }

    static PoolRevision revision(String spec) {
        try {
            return new PoolRevision(
                    new UUID(0, 1),
                    1,
                    "platform",
                    "analysts",
                    new ObjectMapper().readValue(spec, AgentPoolSpec.class),
                    Map.of("tables/factors.csv", "fuel,factor\ndiesel,2.70\ngas,2.02\n", "tables/table.txt", "x"));
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

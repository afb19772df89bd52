package dev.tagma.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Formula;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Formula.Input;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaToolTest {
    @Test
    void computesFromNumbersAndDecimalStrings() {
        FormulaTool emissions = formula("quantity * factor", null, "quantity", "factor");
        assertThat(call(emissions, "{\"quantity\": 1234.10, \"factor\": \"0.23314\"}"))
                .isEqualTo(ToolOutput.ok("287.718074"));
    }

    @Test
    void numbersNeverPassThroughDouble() {
        assertThat(call(formula("a + b", null, "a", "b"), "{\"a\": 0.1, \"b\": 12345678901234567890.123456789}"))
                .isEqualTo(ToolOutput.ok("12345678901234567890.223456789"));
    }

    @ParameterizedTest
    @CsvSource({"0.125, 0.12", "0.135, 0.14", "2, 2.00", "-0.005, 0.00"})
    void scaleRoundsHalfEven(String value, String result) {
        assertThat(call(formula("a", 2, "a"), "{\"a\": " + value + "}")).isEqualTo(ToolOutput.ok(result));
    }

    @Test
    void aListOfNumbersIsSummed() {
        FormulaTool total = new FormulaTool(tool(
                new Formula("SUM(values) / 1000", List.of(new Input("values", "all of them", Input.Type.Numbers)), 3)));
        assertThat(call(total, "{\"values\": [1000, \"2000.5\", 3]}")).isEqualTo(ToolOutput.ok("3.004"));
        assertThat(call(total, "{\"values\": []}")).isEqualTo(ToolOutput.ok("0.000"));
        assertThat(call(total, "{\"values\": [1, \"x\"]}"))
                .isEqualTo(
                        ToolOutput.error("total: input values[1] \"x\" is no number: write digits with a dot, such as "
                                + "1234.5, and no unit"));
        assertThat(total.definition().parameters().at("/properties/values/type").asText())
                .isEqualTo("array");
    }

    @Test
    void aListOutsideOfAFunctionIsExplained() {
        FormulaTool wrong = new FormulaTool(
                tool(new Formula("values", List.of(new Input("values", null, Input.Type.Numbers)), null)));
        assertThat(call(wrong, "{\"values\": [1]}"))
                .isInstanceOfSatisfying(
                        ToolOutput.Error.class,
                        error -> assertThat(error.text().shown()).contains("wrap the list in SUM"));
    }

    @Test
    void theSchemaNamesEveryInput() {
        var schema = formula("a * b", null, "a", "b").definition().parameters();
        assertThat(schema.at("/required").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(schema.at("/properties/a/type").toString()).isEqualTo("[\"number\",\"string\"]");
        assertThat(schema.at("/properties/a/description").asText()).isEqualTo("the a");
    }

    @Test
    void anInputMayHaveTheNameOfAConstant() {
        assertThat(call(formula("pi * 2", null, "pi"), "{\"pi\": 3}")).isEqualTo(ToolOutput.ok("6"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a * c    | expression uses c, which inputs does not declare
            a *      | expression
            FACT(a)  | known functions
            """)
    void aBadExpressionIsFoundBeforeAnyCall(String expression, String problem) {
        assertThatThrownBy(() -> formula(expression, null, "a", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void inputsAndScaleAreChecked() {
        assertThatThrownBy(() -> formula("a", null, "a", "A")).hasMessageContaining("declared twice");
        assertThatThrownBy(() -> formula("a", null, "a", "2b")).hasMessageContaining("is no name");
        assertThatThrownBy(() -> formula("a", 35, "a")).hasMessageContaining("scale must be 0 to 34");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        FormulaTool tool = formula("a", null, "a");
        assertThat(call(tool, "{\"a\": 1e999999999}")).isEqualTo(ToolOutput.error("total: input a is beyond 1e1000"));
        assertThat(call(tool, "{\"a\": \"" + "9".repeat(101) + "\"}"))
                .isEqualTo(ToolOutput.error("total: input a has more than 100 characters"));
    }

    private static FormulaTool formula(String expression, Integer scale, String... inputs) {
        return new FormulaTool(tool(new Formula(
                expression,
                Arrays.stream(inputs)
                        .map(name -> new Input(name, "the " + name, null))
                        .toList(),
                scale)));
    }

    private static Tool tool(Formula formula) {
        return new Tool("total", null, null, null, null, null, formula, null, null, null, null);
    }

    private static ToolOutput call(FormulaTool tool, String arguments) {
        return switch (ArgumentSchema.of(tool.definition().parameters()).read(arguments)) {
            case ArgumentSchema.Arguments.Valid valid -> tool.call((ObjectNode) valid.values());
            case ArgumentSchema.Arguments.Invalid invalid -> ToolOutput.error(invalid.problem());
        };
    }
}

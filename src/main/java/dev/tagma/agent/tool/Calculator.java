package dev.tagma.agent.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.step.ToolDefinition;
import java.util.Map;

/** Computes the expressions that a model writes, in exact decimals. */
final class Calculator implements LocalTool {
    private static final String DESCRIPTION =
            "Computes an arithmetic expression in exact decimals and returns the number. "
                    + "Operators + - * / % (remainder) ^ (power), comparisons, && ||, parentheses; functions "
                    + String.join(" ", ArithmeticFunctions.names())
                    + "; constant PI. Numbers with a decimal point, without units "
                    + "or thousands separators. ROUND(number, decimals) rounds half to even.";

    private final ToolDefinition definition;

    /** A calculator named {@code name}; {@code description} replaces the built-in one unless it is null. */
    Calculator(String name, String description) {
        ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
        schema.putObject("properties")
                .putObject("expression")
                .put("type", "string")
                .put("description", "for example (1250.5 * 0.233 + 17) / 3");
        schema.putArray("required").add("expression");
        this.definition = new ToolDefinition(name, description == null ? DESCRIPTION : description, schema);
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public ToolOutput call(ObjectNode arguments) {
        try {
            Arithmetic arithmetic = Arithmetic.of(arguments.path("expression").asText());
            return ToolOutput.ok(Numbers.write(arithmetic.evaluate(Map.of()), null));
        } catch (IllegalArgumentException e) {
            return ToolOutput.error("expression " + e.getMessage());
        }
    }
}

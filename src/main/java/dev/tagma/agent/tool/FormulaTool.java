package dev.tagma.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Formula;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Formula.Input;
import dev.tagma.mission.step.ToolDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A pool author's expression over named inputs: the model chooses the inputs, never the calculation. */
final class FormulaTool implements LocalTool {
    private static final int MAX_LIST = 10_000;
    private static final int MAX_SCALE = 34;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private final Formula formula;
    private final Arithmetic arithmetic;
    private final ToolDefinition definition;

    /** The formula of {@code tool}; throws IllegalArgumentException, which names the field, where it cannot work. */
    FormulaTool(Tool tool) {
        this.formula = tool.formula();
        this.arithmetic = parse(formula);
        String description =
                tool.description() == null ? "Computes " + formula.expression() + " exactly." : tool.description();
        this.definition = new ToolDefinition(tool.name(), description, schema(inputs(formula)));
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public ToolOutput call(ObjectNode arguments) {
        try {
            Map<String, Object> values = new HashMap<>();
            for (Input input : inputs(formula)) {
                values.put(input.name(), value(input, arguments.path(input.name())));
            }
            return ToolOutput.ok(Numbers.write(arithmetic.evaluate(values), formula.scale()));
        } catch (IllegalArgumentException e) {
            return ToolOutput.error(definition.name() + ": " + e.getMessage());
        }
    }

    private static Object value(Input input, JsonNode node) {
        if (!isList(input)) {
            return number(input.name(), node);
        }
        List<BigDecimal> numbers = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            numbers.add(number(input.name() + "[" + i + "]", node.get(i)));
        }
        return numbers;
    }

    private static BigDecimal number(String name, JsonNode node) {
        try {
            return Numbers.read(node);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("input " + name + " " + e.getMessage(), e);
        }
    }

    private static Arithmetic parse(Formula formula) {
        if (formula.scale() != null && (formula.scale() < 0 || formula.scale() > MAX_SCALE)) {
            throw new IllegalArgumentException("scale must be 0 to " + MAX_SCALE + ", not " + formula.scale());
        }
        Set<String> declared = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Input input : inputs(formula)) {
            if (input.name() == null || !NAME.matcher(input.name()).matches()) {
                throw new IllegalArgumentException("inputs: \"" + input.name()
                        + "\" is no name: use letters, digits and _, not starting with a digit");
            }
            if (!declared.add(input.name())) {
                throw new IllegalArgumentException(
                        "inputs: " + input.name() + " is declared twice (case does not count)");
            }
        }
        Arithmetic arithmetic;
        try {
            arithmetic = Arithmetic.of(formula.expression());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expression " + e.getMessage(), e);
        }
        Set<String> unknown = arithmetic.names();
        unknown.removeAll(declared);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "expression uses " + String.join(", ", unknown) + ", which inputs does not declare");
        }
        return arithmetic;
    }

    private static List<Input> inputs(Formula formula) {
        return formula.inputs() == null ? List.of() : formula.inputs();
    }

    private static boolean isList(Input input) {
        return input.type() == Input.Type.Numbers;
    }

    private static ObjectNode schema(List<Input> inputs) {
        ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        for (Input input : inputs) {
            ObjectNode property = properties.putObject(input.name());
            if (isList(input)) {
                property.put("type", "array").put("maxItems", MAX_LIST);
                number(property.putObject("items"));
            } else {
                number(property);
            }
            if (input.description() != null) {
                property.put("description", input.description());
            }
        }
        var required = schema.putArray("required");
        inputs.forEach(input -> required.add(input.name()));
        return schema;
    }

    private static void number(ObjectNode schema) {
        schema.putArray("type").add("number").add("string");
    }
}

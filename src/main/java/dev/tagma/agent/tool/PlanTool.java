package dev.tagma.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.step.StepContent.Plan.Item;
import dev.tagma.mission.step.StepContent.Plan.State;
import dev.tagma.mission.step.ToolDefinition;
import java.util.ArrayList;
import java.util.List;

/** The todo list that a model keeps: each call replaces the whole list. */
final class PlanTool implements LocalTool {
    private static final int MAX_ITEMS = 50;
    private static final int MAX_TEXT = 500;
    private static final String DESCRIPTION =
            "Keeps your todo list for this task. Each call replaces the whole list, which you are always shown; send every "
                    + "item with its state.";

    private final ToolDefinition definition;

    /** A plan named {@code name}; {@code description} replaces the built-in one unless it is null. */
    PlanTool(String name, String description) {
        ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
        ObjectNode items = schema.putObject("properties")
                .putObject("items")
                .put("type", "array")
                .put("maxItems", MAX_ITEMS);
        ObjectNode item = items.putObject("items").put("type", "object").put("additionalProperties", false);
        ObjectNode fields = item.putObject("properties");
        fields.putObject("text").put("type", "string").put("minLength", 1).put("maxLength", MAX_TEXT);
        var states = fields.putObject("state").put("type", "string").putArray("enum");
        for (State state : State.values()) {
            states.add(state.name());
        }
        item.putArray("required").add("text").add("state");
        schema.putArray("required").add("items");
        this.definition = new ToolDefinition(name, description == null ? DESCRIPTION : description, schema);
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public ToolOutput call(ObjectNode arguments) {
        List<Item> items = new ArrayList<>();
        for (JsonNode item : arguments.path("items")) {
            items.add(new Item(
                    item.path("text").asText(), State.valueOf(item.path("state").asText())));
        }
        return new ToolOutput.Plan(items);
    }
}

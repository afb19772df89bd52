package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Structural defaulting: what the API server fills in before it validates. */
final class Defaults {
    private Defaults() {}

    /** Fills in defaults, top down: a default of an object is itself completed. Drops nulls where none are allowed. */
    static void apply(JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, Schema> property : schema.properties().entrySet()) {
                fill(object, property.getKey(), property.getValue());
            }
            object.properties().forEach(each -> {
                Schema child = schema.property(each.getKey());
                if (child != null) {
                    apply(each.getValue(), child);
                }
            });
        } else if (value instanceof ArrayNode array && schema.items() != null) {
            array.forEach(item -> apply(item, schema.items()));
        }
    }

    private static void fill(ObjectNode object, String name, Schema schema) {
        JsonNode value = object.get(name);
        if (value != null
                && value.isNull()
                && !schema.nullable()
                && !schema.type().isEmpty()) {
            object.remove(name);
            value = null;
        }
        if (value == null && schema.defaultValue() != null) {
            object.set(name, schema.defaultValue().deepCopy());
        }
    }
}

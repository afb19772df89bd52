package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.tagma.mission.step.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tools as langchain4j takes them. Each parameter's schema goes through raw, so nothing of it is lost; of the object around them,
 * properties, required and $defs do, and additionalProperties where the protocol's mapping carries it.
 */
final class ToolSchemas {
    private ToolSchemas() {}

    static ToolSpecification specification(ToolDefinition tool) {
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters(tool.parameters()))
                .build();
    }

    private static JsonObjectSchema parameters(JsonNode schema) {
        JsonObjectSchema.Builder object = JsonObjectSchema.builder();
        if (schema == null) {
            return object.build();
        }
        object.addProperties(raw(schema.path("properties")));
        if (schema.path("required").isArray()) {
            List<String> required = new ArrayList<>();
            schema.get("required").forEach(name -> required.add(name.asText()));
            object.required(required);
        }
        if (schema.path("additionalProperties").isBoolean()) {
            object.additionalProperties(schema.get("additionalProperties").booleanValue());
        }
        if (schema.path("$defs").isObject()) {
            object.definitions(raw(schema.get("$defs")));
        }
        return object.build();
    }

    private static Map<String, JsonSchemaElement> raw(JsonNode schemas) {
        Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
        schemas.properties().forEach(schema -> elements.put(schema.getKey(), element(schema.getValue())));
        return elements;
    }

    private static JsonSchemaElement element(JsonNode schema) {
        // the schema "true", anything, is written as the empty object, which says the same and which every provider
        // reads
        return JsonRawSchema.from(schema.isObject() ? Json.write(schema) : "{}");
    }
}

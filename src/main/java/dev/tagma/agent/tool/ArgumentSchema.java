package dev.tagma.agent.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.InputStreamSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads the arguments of a tool call and checks them against the tool's JSON Schema, draft 2020-12. Thread-safe. */
public final class ArgumentSchema {
    private static final int SHOWN_PROBLEMS = 5;
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().locale(Locale.ENGLISH).build();
    // a schema may come from outside: its references are never fetched, and its $id names nothing of others
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder ->
                    builder.schemaLoaders(loaders -> loaders.values(List::clear).add(iri -> refuse(iri.toString()))));
    private static final JsonSchema META =
            JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(SchemaLocation.of(SchemaId.V202012), CONFIG);

    private final JsonSchema schema;
    private final String properties;

    private ArgumentSchema(JsonSchema schema, String properties) {
        this.schema = schema;
        this.properties = properties;
    }

    /** What a call's arguments are: fit for the tool, or a problem that the model is told. */
    public sealed interface Arguments {
        /** Fit. */
        record Valid(ObjectNode values) implements Arguments {}

        /** Not fit; {@code problem} names the argument and the fix. */
        record Invalid(String problem) implements Arguments {}
    }

    /** The checker for {@code parameters}; null allows any object. Throws IllegalArgumentException where it is no JSON Schema. */
    public static ArgumentSchema of(JsonNode parameters) {
        JsonNode node =
                parameters == null || parameters.isNull() ? Json.object().put("type", "object") : parameters;
        if (!node.isObject()) {
            throw new IllegalArgumentException("parameters must be a JSON Schema of type object");
        }
        var problems = META.validate(node);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("parameters is no JSON Schema: " + sentence(problems));
        }
        try {
            JsonSchema schema = FACTORY.getSchema(node, CONFIG);
            schema.initializeValidators();
            return new ArgumentSchema(schema, names(node));
        } catch (JsonSchemaException e) {
            throw new IllegalArgumentException("parameters is no JSON Schema: " + e.getMessage(), e);
        }
    }

    /** The arguments as the model wrote them; none at all counts as an empty object. */
    public Arguments read(String written) {
        JsonNode node;
        try {
            node = written == null || written.isBlank() ? Json.object() : Json.MAPPER.readTree(written);
        } catch (JsonProcessingException e) {
            return new Arguments.Invalid("The arguments are no JSON (" + e.getOriginalMessage()
                    + "). Send one JSON object" + properties + ".");
        }
        if (!(node instanceof ObjectNode values)) {
            return new Arguments.Invalid("The arguments must be one JSON object" + properties + ", not "
                    + node.getNodeType().name().toLowerCase(Locale.ROOT) + ".");
        }
        var problems = schema.validate(values);
        return problems.isEmpty()
                ? new Arguments.Valid(values)
                : new Arguments.Invalid("The arguments do not fit: " + sentence(problems) + ". Send one JSON object"
                        + properties + ".");
    }

    private static String sentence(java.util.Set<ValidationMessage> problems) {
        String shown = problems.stream()
                .limit(SHOWN_PROBLEMS)
                .map(ValidationMessage::getMessage)
                .collect(Collectors.joining("; "));
        return problems.size() > SHOWN_PROBLEMS
                ? shown + "; and " + (problems.size() - SHOWN_PROBLEMS) + " more"
                : shown;
    }

    private static String names(JsonNode schema) {
        var names = schema.path("properties")
                .propertyStream()
                .map(java.util.Map.Entry::getKey)
                .limit(20)
                .toList();
        return names.isEmpty() ? "" : " with " + String.join(", ", names);
    }

    private static InputStreamSource refuse(String iri) {
        throw new JsonSchemaException(
                "the reference " + iri + " leads outside of the schema: write what it holds under $defs");
    }
}

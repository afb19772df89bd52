package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.manifest.Schema.Bounds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks a value against a structural schema and says what is wrong in the API server's words. */
final class StructuralValidator {
    private final List<Violation> violations = new ArrayList<>();

    private StructuralValidator() {}

    /** Everything that is wrong with {@code value}, which stands at {@code path}. */
    static List<Violation> validate(JsonNode value, Schema schema, String path) {
        StructuralValidator validator = new StructuralValidator();
        validator.check(value, schema, path);
        return validator.violations;
    }

    private void check(JsonNode value, Schema schema, String path) {
        if (!ofType(value, schema.type())) {
            violations.add(Violation.type(path, schema.type(), typeOf(value)));
            return;
        }
        if (schema.bounds().enumeration() != null
                && !schema.bounds().enumeration().contains(value.asText())) {
            violations.add(
                    Violation.notSupported(path, value.asText(), schema.bounds().enumeration()));
            return;
        }
        if (value instanceof ObjectNode object) {
            object(object, schema, path);
        } else if (value.isArray()) {
            array(value, schema, path);
        } else if (value.isTextual()) {
            text(value.textValue(), schema.bounds(), path);
        } else if (value.isNumber()) {
            number(value, schema.bounds(), path);
        }
    }

    private void object(ObjectNode object, Schema schema, String path) {
        schema.required().stream()
                .filter(name -> !object.has(name))
                .forEach(name -> violations.add(Violation.required(FieldPath.property(path, name))));
        Bounds bounds = schema.bounds();
        if (bounds.minProperties() != null && object.size() < bounds.minProperties()) {
            invalid(path, object.size(), "should have at least " + bounds.minProperties() + " properties");
        }
        if (bounds.maxProperties() != null && object.size() > bounds.maxProperties()) {
            violations.add(Violation.tooMany(path, object.size(), bounds.maxProperties()));
        }
        object.properties().forEach(each -> {
            String child = FieldPath.property(path, each.getKey());
            Schema property = schema.property(each.getKey());
            if (property != null) {
                check(each.getValue(), property, child);
            } else if (!schema.preserve()) {
                violations.add(Violation.unknown(
                        child, each.getKey(), schema.properties().keySet()));
            }
        });
    }

    private void array(JsonNode array, Schema schema, String path) {
        Bounds bounds = schema.bounds();
        if (bounds.maxItems() != null && array.size() > bounds.maxItems()) {
            violations.add(Violation.tooMany(path, array.size(), bounds.maxItems()));
            return;
        }
        if (bounds.minItems() != null && array.size() < bounds.minItems()) {
            invalid(path, array.size(), "should have at least " + bounds.minItems() + " items");
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            String child = FieldPath.item(path, i);
            JsonNode item = array.get(i);
            if (schema.items() != null) {
                check(item, schema.items(), child);
            }
            JsonNode identity = schema.uniqueItems() ? item : key(item, schema.mapKeys());
            if (identity != null && !seen.add(identity)) {
                violations.add(Violation.duplicate(child, identity.toString()));
            }
        }
    }

    /** What tells an item of a map list from the others, or null where it is no map list, or a key is missing. */
    private static JsonNode key(JsonNode item, List<String> keys) {
        if (keys.isEmpty() || !keys.stream().allMatch(item::has)) {
            return null;
        }
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        keys.forEach(name -> key.set(name, item.get(name)));
        return key;
    }

    private void text(String text, Bounds bounds, String path) {
        int length = text.codePointCount(0, text.length());
        if (bounds.maxLength() != null && length > bounds.maxLength()) {
            violations.add(Violation.tooLong(path, bounds.maxLength()));
            return;
        }
        if (bounds.minLength() != null && length < bounds.minLength()) {
            invalid(path, quoted(text), "should be at least " + bounds.minLength() + " chars long");
            return;
        }
        if (bounds.pattern() != null && !bounds.pattern().matcher(text).find()) {
            invalid(path, quoted(text), "should match '" + bounds.pattern() + "'");
        }
    }

    private void number(JsonNode number, Bounds bounds, String path) {
        if (bounds.maximum() != null && number.asDouble() > bounds.maximum()) {
            invalid(path, number, "should be less than or equal to " + plain(bounds.maximum()));
        }
        if (bounds.minimum() != null && number.asDouble() < bounds.minimum()) {
            invalid(path, number, "should be greater than or equal to " + plain(bounds.minimum()));
        }
    }

    private void invalid(String path, Object value, String rule) {
        violations.add(Violation.invalid(path, value.toString(), rule));
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    private static boolean ofType(JsonNode value, String type) {
        String actual = typeOf(value);
        return type.isEmpty()
                || actual.equals(type)
                || type.equals("number") && actual.equals("integer")
                || type.equals(Schema.INT_OR_STRING) && (actual.equals("integer") || actual.equals("string"));
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case NULL, MISSING -> "null";
        };
    }
}

package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** What a schema says of a field, in few words. */
final class FieldWords {
    private static final Map<String, Word> BY_PATTERN = new LinkedHashMap<>();

    static {
        word("duration", Durations.PATTERN, "hours, minutes, seconds, milliseconds, such as `90s` or `1h30m`");
        word("money", Money.PATTERN, "a decimal number in the installation's one currency, such as `\"0.50\"`");
        word("name", Formats.OBJECT_NAME, "the name of an object: a DNS name in small letters");
        word("label", Formats.LABEL, "a DNS label in small letters");
        word("tool name", Formats.TOOL_NAME, "as models take it");
        word("key", Formats.KEY, "a key of a ConfigMap's or Secret's data");
        word("URL", Formats.URL, "http or https, with a host");
        word("host", Formats.HOST, "a host name or address, or `*.` and a domain");
        word("digest", "^[0-9a-f]{64}$", "SHA-256 in hexadecimal");
        word("word", "^[A-Za-z]+$", "for programs");
    }

    private FieldWords() {}

    private record Word(String name, String meaning) {}

    /** A field; {@code path} as in {@code .spec.tools[].http.url}. */
    record Field(String path, boolean required, JsonNode schema) {}

    private static void word(String name, String pattern, String meaning) {
        BY_PATTERN.put(pattern, new Word(name, meaning));
    }

    /** The table of the types that are more than the schema's own. */
    static String legend() {
        StringBuilder table = new StringBuilder("| type | means | pattern |\n| --- | --- | --- |\n");
        BY_PATTERN.forEach((pattern, word) -> table.append("| ")
                .append(word.name())
                .append(" | ")
                .append(word.meaning())
                .append(" | `")
                .append(pattern.replace("|", "\\|"))
                .append("` |\n"));
        return table.toString();
    }

    /** The fields of an object, in the order of the schema. */
    static List<Field> fields(JsonNode object, String path) {
        Set<String> required = new HashSet<>();
        object.path("required").forEach(each -> required.add(each.asText()));
        List<Field> fields = new ArrayList<>();
        object.path("properties")
                .properties()
                .forEach(each -> fields.add(new Field(
                        path + "." + each.getKey() + suffix(each.getValue()),
                        required.contains(each.getKey()),
                        each.getValue())));
        return fields;
    }

    private static String suffix(JsonNode schema) {
        return !hasFields(schema) ? "" : schema.has("items") ? "[]" : schema.has("additionalProperties") ? "{}" : "";
    }

    /** The object of which a list or a map has many; an object itself. */
    static JsonNode inner(JsonNode schema) {
        return schema.has("items")
                ? schema.path("items")
                : schema.has("additionalProperties") ? schema.path("additionalProperties") : schema;
    }

    static boolean hasFields(JsonNode schema) {
        return inner(schema).has("properties");
    }

    /** The messages of the rules by the path of what they are about. */
    static void gather(JsonNode schema, String path, Map<String, List<String>> rules) {
        for (JsonNode rule : inner(schema).path("x-kubernetes-validations")) {
            String about = path + rule.path("fieldPath").asText();
            JsonNode target = inner(schema);
            rules.computeIfAbsent(listed(target, rule.path("fieldPath").asText(), about), _ -> new ArrayList<>())
                    .add(rule.path("message").asText());
        }
        fields(inner(schema), path).forEach(field -> gather(field.schema(), field.path(), rules));
    }

    /** The path of a rule names a list, ours each of its items. */
    private static String listed(JsonNode object, String fieldPath, String about) {
        JsonNode target = object.at(fieldPath.replace(".", "/properties/"));
        return fieldPath.isEmpty() ? about : about + suffix(target);
    }

    static String defaulted(JsonNode schema) {
        JsonNode value = schema.path("default");
        return value.isMissingNode() ? "" : value.isTextual() ? value.asText() : "`" + value + "`";
    }

    /** The type with its bounds. */
    static String type(JsonNode schema) {
        StringJoiner bounds = new StringJoiner(", ");
        String type = word(schema, bounds);
        boolean many = schema.has("items") || schema.has("additionalProperties");
        return bounds.length() == 0 ? type : many ? type + "; " + bounds : type + " (" + bounds + ")";
    }

    private static String word(JsonNode schema, StringJoiner bounds) {
        if (schema.has("enum")) {
            StringJoiner words = new StringJoiner(" or ");
            schema.path("enum").forEach(each -> words.add(each.asText()));
            return words.toString();
        }
        range(schema, bounds, "minItems", "maxItems", "");
        range(schema, bounds, "minProperties", "maxProperties", " keys");
        range(schema, bounds, "minLength", "maxLength", " characters");
        range(schema, bounds, "minimum", "maximum", "");
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return "integer or text";
        }
        return switch (schema.path("type").asText()) {
            case "array" -> "list of " + items(schema, bounds);
            case "object" ->
                schema.has("additionalProperties")
                        ? "map of " + type(schema.path("additionalProperties"))
                        : hasFields(schema) ? "object" : "any object";
            case "string" -> text(schema, bounds);
            case "" -> "any JSON";
            default -> schema.path("type").asText();
        };
    }

    private static String items(JsonNode schema, StringJoiner bounds) {
        if (schema.path("x-kubernetes-list-type").asText().equals("set")) {
            bounds.add("each once");
        }
        StringJoiner keys = new StringJoiner(", ");
        keys.setEmptyValue("");
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add("`" + key.asText() + "`"));
        String items = hasFields(schema) ? "objects" : type(schema.path("items"));
        return keys.length() == 0 ? items : items + " by " + keys;
    }

    private static String text(JsonNode schema, StringJoiner bounds) {
        if (schema.path("format").asText().equals("date-time")) {
            return "time";
        }
        String pattern = schema.path("pattern").asText();
        if (pattern.isEmpty()) {
            return "text";
        }
        Word word = BY_PATTERN.get(pattern);
        if (word == null) {
            bounds.add("`" + pattern + "`");
            return "text";
        }
        return word.name();
    }

    private static void range(JsonNode schema, StringJoiner bounds, String least, String most, String unit) {
        if (schema.has(least) && schema.has(most)) {
            bounds.add(schema.path(least).asText() + " to " + schema.path(most).asText() + unit);
        } else if (schema.has(most)) {
            bounds.add("at most " + schema.path(most).asText() + unit);
        } else if (schema.has(least)) {
            bounds.add("at least " + schema.path(least).asText() + unit);
        }
    }
}

package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A structural schema, as far as CRDs of ours use it.
 *
 * @param type object, array, string, integer, number, boolean, or empty for any
 * @param properties of an object
 * @param values of an object without named properties, or null
 * @param items of an array, or null
 * @param mapKeys of a list of listType map, else empty
 * @param uniqueItems whether the list is a set
 * @param preserve whether properties that are not named are kept
 * @param defaultValue or null
 * @param rules of x-kubernetes-validations
 */
record Schema(
        String type,
        Map<String, Schema> properties,
        Schema values,
        Schema items,
        Set<String> required,
        List<String> mapKeys,
        boolean uniqueItems,
        boolean preserve,
        boolean nullable,
        JsonNode defaultValue,
        Bounds bounds,
        List<Rule> rules) {
    /** The type of what may be a whole number or text, in the API server's words. */
    static final String INT_OR_STRING = "integer,string";

    /** Bounds of a value; null where there is none. */
    record Bounds(
            List<String> enumeration,
            Pattern pattern,
            Long minLength,
            Long maxLength,
            Long minItems,
            Long maxItems,
            Long minProperties,
            Long maxProperties,
            Double minimum,
            Double maximum) {}

    static Schema of(JsonNode node) {
        Map<String, Schema> properties = new TreeMap<>();
        node.path("properties").properties().forEach(each -> properties.put(each.getKey(), of(each.getValue())));
        String listType = node.path("x-kubernetes-list-type").asText("");
        List<Rule> rules = new ArrayList<>();
        node.path("x-kubernetes-validations").forEach(rule -> rules.add(Rule.of(rule)));
        return new Schema(
                node.path("x-kubernetes-int-or-string").asBoolean()
                        ? INT_OR_STRING
                        : node.path("type").asText(""),
                new LinkedHashMap<>(properties),
                node.path("additionalProperties").isObject() ? of(node.get("additionalProperties")) : null,
                node.has("items") ? of(node.get("items")) : null,
                new HashSet<>(texts(node.path("required"))),
                listType.equals("map") ? texts(node.path("x-kubernetes-list-map-keys")) : List.of(),
                listType.equals("set"),
                node.path("x-kubernetes-preserve-unknown-fields").asBoolean(),
                node.path("nullable").asBoolean(),
                node.get("default"),
                bounds(node),
                List.copyOf(rules));
    }

    private static Bounds bounds(JsonNode node) {
        return new Bounds(
                node.has("enum") ? texts(node.get("enum")) : null,
                node.has("pattern") ? Pattern.compile(node.get("pattern").asText()) : null,
                count(node, "minLength"),
                count(node, "maxLength"),
                count(node, "minItems"),
                count(node, "maxItems"),
                count(node, "minProperties"),
                count(node, "maxProperties"),
                node.has("minimum") ? Double.valueOf(node.get("minimum").asDouble()) : null,
                node.has("maximum") ? Double.valueOf(node.get("maximum").asDouble()) : null);
    }

    private static Long count(JsonNode node, String name) {
        return node.has(name) ? Long.valueOf(node.get(name).asLong()) : null;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return List.copyOf(texts);
    }

    /** The schema of a property, or null where it is not known. */
    Schema property(String name) {
        Schema named = properties.get(name);
        return named != null ? named : values;
    }
}

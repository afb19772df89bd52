package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.api.v1alpha1.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A mapping of a script, read strictly: every field by its name and type, and none that nobody asked for. */
final class Fields {
    private final String path;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();

    Fields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw new InvalidScriptException(path, "must be a mapping, is " + describe(node));
        }
    }

    boolean has(String name) {
        known.add(name);
        return node.hasNonNull(name);
    }

    /** Any value, or null. */
    JsonNode any(String name) {
        return has(name) ? node.get(name) : null;
    }

    /** A string; numbers and booleans, which YAML reads unquoted, are taken as they are written. */
    String text(String name) {
        JsonNode value = any(name);
        if (value == null) {
            return null;
        }
        if (!value.isValueNode()) {
            throw error(name, "must be a string, is " + describe(value));
        }
        return value.asText();
    }

    Boolean bool(String name) {
        JsonNode value = any(name);
        if (value != null && !value.isBoolean()) {
            throw error(name, "must be true or false, is " + describe(value));
        }
        return value == null ? null : value.booleanValue();
    }

    Integer integer(String name, int min, int max) {
        JsonNode value = any(name);
        if (value == null) {
            return null;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < min || value.intValue() > max) {
            throw error(name, "must be a whole number from " + min + " to " + max + ", is " + describe(value));
        }
        return value.intValue();
    }

    Double probability(String name) {
        JsonNode value = any(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            throw error(name, "must be a number from 0 to 1, is " + describe(value));
        }
        return value.doubleValue();
    }

    Duration duration(String name) {
        String value = text(name);
        try {
            return value == null ? null : Durations.parse(value);
        } catch (IllegalArgumentException e) {
            throw error(name, e.getMessage());
        }
    }

    <E extends Enum<E>> E oneOf(String name, Class<E> type) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(e -> e.name().equals(value))
                .findFirst()
                .orElseThrow(() -> error(
                        name, "must be one of " + Arrays.toString(type.getEnumConstants()) + ", is \"" + value + "\""));
    }

    /** A nested mapping, or null. */
    Fields mapping(String name) {
        JsonNode value = any(name);
        return value == null ? null : new Fields(at(name), value);
    }

    /** A list of mappings; empty where the field is absent. */
    List<Fields> list(String name, int max) {
        JsonNode value = any(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.isEmpty() || value.size() > max) {
            throw error(name, "must be a list of 1 to " + max + " elements, is " + describe(value));
        }
        List<Fields> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(new Fields(at(name) + "[" + i + "]", value.get(i)));
        }
        return elements;
    }

    /** Refuses what nobody asked for. */
    void complete() {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw error(name, "is not known here; known are " + String.join(", ", known));
            }
        });
    }

    InvalidScriptException error(String name, String problem) {
        return new InvalidScriptException(at(name), problem);
    }

    InvalidScriptException error(String problem) {
        return new InvalidScriptException(path, problem);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list of " + value.size();
            case OBJECT -> "a mapping";
            case STRING -> "\"" + value.textValue() + "\"";
            case NULL, MISSING -> "empty";
            case BOOLEAN, NUMBER, BINARY, POJO -> value.asText();
        };
    }
}

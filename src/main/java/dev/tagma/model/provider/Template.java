package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value with holes: {@code {{path}}} or, for lists, {@code {{path | join ", "}}}. A string that is one hole and nothing else keeps the
 * value's type; a hole inside a longer string is written as text.
 */
sealed interface Template {
    /** The value with its holes filled; throws TemplateException where a hole names nothing. */
    JsonNode fill(Scope scope);

    /** Whether a hole needs an element of a forEach. */
    boolean needsItem();

    /** Compiles a value; throws TemplateException where a hole cannot be read. */
    static Template of(JsonNode value) {
        if (value.isTextual()) {
            return text(value.textValue());
        }
        if (value.isArray()) {
            List<Template> elements = new ArrayList<>();
            value.forEach(element -> elements.add(of(element)));
            return simplified(value, elements, new Elements(elements));
        }
        if (value.isObject()) {
            Map<String, Template> members = new LinkedHashMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), of(member.getValue())));
            return simplified(value, members.values(), new Members(members));
        }
        return new Constant(value);
    }

    private static Template simplified(JsonNode value, Iterable<Template> parts, Template composed) {
        for (Template part : parts) {
            if (!(part instanceof Constant)) {
                return composed;
            }
        }
        return new Constant(value);
    }

    private static Template text(String text) {
        List<Template> parts = new ArrayList<>();
        int from = 0;
        for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", from)) {
            int close = text.indexOf("}}", open);
            if (close < 0) {
                throw new TemplateException("\"" + text.substring(open) + "\" lacks its closing }}");
            }
            if (open > from) {
                parts.add(new Constant(TextNode.valueOf(text.substring(from, open))));
            }
            parts.add(Hole.parse(text.substring(open + 2, close).trim()));
            from = close + 2;
        }
        if (from < text.length() || parts.isEmpty()) {
            parts.add(new Constant(TextNode.valueOf(text.substring(from))));
        }
        return parts.size() == 1 ? parts.getFirst() : new Text(List.copyOf(parts));
    }

    /** How a value reads inside a text. */
    static String written(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.write(value);
    }

    /** No hole at all. */
    record Constant(JsonNode value) implements Template {
        @Override
        public JsonNode fill(Scope scope) {
            return value;
        }

        @Override
        public boolean needsItem() {
            return false;
        }
    }

    /** One hole; {@code separator} is null unless the list is to be joined. */
    record Hole(Path path, String separator) implements Template {
        private static final Pattern JOIN =
                Pattern.compile("(?<path>[^|]*?)\\s*\\|\\s*join\\s+\"(?<separator>[^\"]*)\"");

        static Hole parse(String text) {
            if (!text.contains("|")) {
                return new Hole(Path.parse(text), null);
            }
            Matcher join = JOIN.matcher(text);
            if (!join.matches()) {
                throw new TemplateException("\"" + text + "\" cannot be read: after | comes join \"separator\"");
            }
            return new Hole(Path.parse(join.group("path")), join.group("separator"));
        }

        @Override
        public JsonNode fill(Scope scope) {
            JsonNode value = path.resolve(scope);
            if (separator == null) {
                return value;
            }
            if (!value.isArray()) {
                throw new TemplateException(path + " is no list to join");
            }
            List<String> elements = new ArrayList<>();
            value.forEach(element -> elements.add(written(element)));
            return TextNode.valueOf(String.join(separator, elements));
        }

        @Override
        public boolean needsItem() {
            return path.needsItem();
        }
    }

    /** Holes inside a longer string. */
    record Text(List<Template> parts) implements Template {
        @Override
        public JsonNode fill(Scope scope) {
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> text.append(written(part.fill(scope))));
            return TextNode.valueOf(text.toString());
        }

        @Override
        public boolean needsItem() {
            return parts.stream().anyMatch(Template::needsItem);
        }
    }

    /** A list. */
    record Elements(List<Template> elements) implements Template {
        @Override
        public JsonNode fill(Scope scope) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode(elements.size());
            elements.forEach(element -> list.add(element.fill(scope)));
            return list;
        }

        @Override
        public boolean needsItem() {
            return elements.stream().anyMatch(Template::needsItem);
        }
    }

    /** A mapping. */
    record Members(Map<String, Template> members) implements Template {
        @Override
        public JsonNode fill(Scope scope) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            members.forEach((name, member) -> object.set(name, member.fill(scope)));
            return object;
        }

        @Override
        public boolean needsItem() {
            return members.values().stream().anyMatch(Template::needsItem);
        }
    }
}

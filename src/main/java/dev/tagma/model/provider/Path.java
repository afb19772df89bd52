package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to a value of the conversation, such as {@code inputs.suppliers[0].name}: names after dots, and in brackets a number (negative
 * ones count from the end), {@code index}, {@code *} for every element, or {@code field=path} for the first element whose field has the value
 * at that path.
 */
final class Path {
    private static final Set<String> ROOTS =
            Set.of("goal", "inputs", "last", "model", "turn", "item", "index", "result", "results");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern STEP =
            Pattern.compile("\\.(?<name>[A-Za-z0-9_-]+)|\\[(?:(?<at>-?[0-9]{1,6})|(?<index>index)|(?<all>\\*)"
                    + "|(?<field>[A-Za-z0-9_-]+)=(?<value>[A-Za-z0-9_.-]+))]");

    private final String text;
    private final String root;
    private final List<Segment> segments;

    private Path(String text, String root, List<Segment> segments) {
        this.text = text;
        this.root = root;
        this.segments = segments;
    }

    /** Reads a path; throws TemplateException where the text is none. */
    static Path parse(String text) {
        Matcher name = NAME.matcher(text);
        if (!name.lookingAt() || !ROOTS.contains(name.group())) {
            throw new TemplateException("\"" + text + "\" must begin with one of "
                    + String.join(", ", ROOTS.stream().sorted().toList()));
        }
        String root = name.group();
        List<Segment> segments = new ArrayList<>();
        Matcher step = STEP.matcher(text);
        int end = name.end();
        while (end < text.length()) {
            if (!step.region(end, text.length()).lookingAt()) {
                throw new TemplateException("\"" + text + "\" cannot be read from \"" + text.substring(end)
                        + "\" on: write .name, [0], [index], [*] or [field=path]");
            }
            segments.add(segment(step));
            end = step.end();
        }
        if (root.startsWith("result") && (segments.isEmpty() || !(segments.getFirst() instanceof Segment.Name))) {
            throw new TemplateException("\"" + text + "\" must name a tool: " + root + ".<tool>");
        }
        return new Path(text, root, List.copyOf(segments));
    }

    private static Segment segment(Matcher step) {
        if (step.group("name") != null) {
            return new Segment.Name(step.group("name"));
        }
        if (step.group("at") != null) {
            return new Segment.At(Integer.parseInt(step.group("at")));
        }
        if (step.group("field") != null) {
            return new Segment.Where(step.group("field"), parse(step.group("value")));
        }
        return step.group("all") != null ? new Segment.All() : new Segment.AtIndex();
    }

    /** Whether the path needs an element of a forEach to stand on. */
    boolean needsItem() {
        return root.equals("item")
                || root.equals("index")
                || segments.stream()
                        .anyMatch(s -> s instanceof Segment.AtIndex
                                || s instanceof Segment.Where(String field, Path value) && value.needsItem());
    }

    /** The value; throws TemplateException where there is none. */
    JsonNode resolve(Scope scope) {
        int next = 0;
        JsonNode value;
        switch (root) {
            case "result", "results" -> {
                ArrayNode results = scope.results(((Segment.Name) segments.getFirst()).name());
                value = root.equals("results") ? results : last(results);
                next = 1;
            }
            default -> value = scope.root(root);
        }
        return resolve(value, next, scope);
    }

    private JsonNode resolve(JsonNode from, int next, Scope scope) {
        JsonNode value = from;
        for (int i = next; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment instanceof Segment.All) {
                return each(value, i + 1, scope);
            }
            value = step(value, segment, scope);
        }
        if (value.isMissingNode()) {
            throw new TemplateException("there is no " + text);
        }
        return value;
    }

    private JsonNode each(JsonNode list, int next, Scope scope) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < elements(list).size(); i++) {
            JsonNode element = list.get(i);
            if (element.isMissingNode()) {
                throw new TemplateException("element " + i + " of " + text
                        + " is not in the conversation any more: the history window cut it");
            }
            all.add(resolve(element, next, scope));
        }
        return all;
    }

    private JsonNode step(JsonNode value, Segment segment, Scope scope) {
        return switch (segment) {
            case Segment.Name(String name) -> {
                if (!value.has(name)) {
                    throw new TemplateException(
                            "there is no " + text + ": no field " + name + " in " + shortened(value));
                }
                yield value.get(name);
            }
            case Segment.At(int at) -> element(value, at < 0 ? value.size() + at : at);
            case Segment.AtIndex() -> element(value, scope.root("index").intValue());
            case Segment.Where(String field, Path path) -> {
                String wanted = path.resolve(scope).asText();
                for (JsonNode element : elements(value)) {
                    if (element.path(field).isValueNode()
                            && element.path(field).asText().equals(wanted)) {
                        yield element;
                    }
                }
                throw new TemplateException("there is no " + text + ": no element has " + field + " " + wanted);
            }
            case Segment.All() -> throw new IllegalStateException("taken before");
        };
    }

    private JsonNode element(JsonNode list, int at) {
        JsonNode element = elements(list).path(at);
        if (element.isMissingNode()) {
            throw new TemplateException("there is no " + text + ": element " + at + " of " + list.size());
        }
        return element;
    }

    private JsonNode last(ArrayNode results) {
        if (results.isEmpty()) {
            throw new TemplateException("there is no " + text + ": the tool has returned nothing yet");
        }
        return results.get(results.size() - 1);
    }

    private JsonNode elements(JsonNode value) {
        if (!value.isArray()) {
            throw new TemplateException(text + " needs a list, but there is " + shortened(value));
        }
        return value;
    }

    private static String shortened(JsonNode value) {
        String json = value.toString();
        return json.length() <= 80 ? json : json.substring(0, 80) + "...";
    }

    @Override
    public String toString() {
        return text;
    }

    private sealed interface Segment {
        record Name(String name) implements Segment {}

        record At(int at) implements Segment {}

        record AtIndex() implements Segment {}

        record All() implements Segment {}

        record Where(String field, Path value) implements Segment {}
    }
}

package dev.tagma.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.step.ToolDefinition;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks rows up in a table by the values of columns. */
final class LookupTool implements LocalTool {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 200;
    private static final int ROOM = Truncation.LIMIT - 200;
    private static final int MAX_DIGITS = 40;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final int NEAR = 5;
    private static final int NEAR_AMONG = 10_000;

    private final LookupTable table;
    private final ToolDefinition definition;

    LookupTool(String name, String description, LookupTable table) {
        this.table = table;
        String columns = " Columns: " + String.join(", ", table.columns()) + ". "
                + table.rows().size() + " rows.";
        this.definition = new ToolDefinition(
                name, (description == null ? "Looks rows up in a table." : description) + columns, schema());
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public ToolOutput call(ObjectNode arguments) {
        JsonNode where = arguments.path("where");
        for (Map.Entry<String, JsonNode> filter : where.properties()) {
            if (!table.columns().contains(filter.getKey())) {
                return ToolOutput.error("There is no column \"" + filter.getKey() + "\". Columns: "
                        + String.join(", ", table.columns()) + ".");
            }
        }
        List<Filter> filters = where.propertyStream().map(Filter::of).toList();
        List<ObjectNode> found = table.rows().stream()
                .filter(row -> filters.stream().allMatch(filter -> filter.accepts(row)))
                .toList();
        return found.isEmpty() ? miss(filters) : ToolOutput.ok(Json.write(answer(found, limit(arguments))));
    }

    private static int limit(ObjectNode arguments) {
        return arguments.path("limit").asInt(DEFAULT_LIMIT);
    }

    /** As many rows as a model is shown whole. */
    private static ObjectNode answer(List<ObjectNode> found, int limit) {
        ArrayNode rows = Json.MAPPER.createArrayNode();
        int room = ROOM;
        for (ObjectNode row : found) {
            room -= Json.write(row).getBytes(StandardCharsets.UTF_8).length + 1;
            if (rows.size() == limit || (room < 0 && !rows.isEmpty())) {
                break;
            }
            rows.add(row);
        }
        ObjectNode answer = Json.object().put("matched", found.size());
        if (rows.size() < found.size()) {
            answer.put("truncated", true);
        }
        answer.set("rows", rows);
        return answer;
    }

    /** No row has all these values: says for each filter whether the table knows the value, and which are near. */
    private ToolOutput miss(List<Filter> filters) {
        StringBuilder text = new StringBuilder("No row matches.");
        for (Filter filter : filters) {
            Set<String> known = table.values(filter.column());
            for (String wanted : filter.values()) {
                if (known.stream().noneMatch(filter.only(wanted)::accepts)) {
                    text.append(" \"")
                            .append(filter.column())
                            .append("\" is never \"")
                            .append(wanted);
                    text.append("\"; near values: ")
                            .append(String.join(", ", near(known, wanted)))
                            .append('.');
                }
            }
        }
        return ToolOutput.error(text.toString());
    }

    private static List<String> near(Set<String> known, String wanted) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return known.stream()
                .limit(NEAR_AMONG)
                .sorted(Comparator.comparingDouble((String value) -> -likeness(value.toLowerCase(Locale.ROOT), lower)))
                .limit(NEAR)
                .map(value -> "\"" + value + "\"")
                .toList();
    }

    /** Likeness of two texts, 0 to 1: the Dice coefficient over their pairs of letters. */
    private static double likeness(String a, String b) {
        List<String> pairs = pairs(a);
        Set<String> others = new HashSet<>(pairs(b));
        long shared = pairs.stream().filter(others::contains).count();
        return pairs.isEmpty() || others.isEmpty() ? 0 : 2.0 * shared / (pairs.size() + others.size());
    }

    private static List<String> pairs(String text) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < Math.min(text.length(), 200); i++) {
            pairs.add(text.substring(i, i + 2));
        }
        return pairs;
    }

    private ObjectNode schema() {
        ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ObjectNode where = properties
                .putObject("where")
                .put("type", "object")
                .put(
                        "description",
                        "column: value, or column: [values] for any of them; a row has to match every column given. Case does "
                                + "not count. Without it every row matches.");
        where.putObject("additionalProperties")
                .putArray("type")
                .add("string")
                .add("number")
                .add("boolean")
                .add("array");
        properties
                .putObject("limit")
                .put("type", "integer")
                .put("minimum", 1)
                .put("maximum", MAX_LIMIT)
                .put("description", "most rows to return, " + DEFAULT_LIMIT + " unless given");
        return schema;
    }

    /** One column and the values that it may have: texts without their case, and numbers by value. */
    private record Filter(String column, List<String> values, Set<String> texts, Set<BigDecimal> numbers) {
        static Filter of(Map.Entry<String, JsonNode> entry) {
            JsonNode wanted = entry.getValue();
            List<String> values = new ArrayList<>();
            for (JsonNode value : wanted.isArray() ? wanted : List.of(wanted)) {
                values.add(value.asText().strip());
            }
            return of(entry.getKey(), values);
        }

        private static Filter of(String column, List<String> values) {
            Set<String> texts = new HashSet<>();
            Set<BigDecimal> numbers = new HashSet<>();
            for (String value : values) {
                texts.add(value.toLowerCase(Locale.ROOT));
                if (numeric(value)) {
                    numbers.add(new BigDecimal(value).stripTrailingZeros());
                }
            }
            return new Filter(column, values, texts, numbers);
        }

        /** The same for one of its values. */
        Filter only(String value) {
            return of(column, List.of(value));
        }

        boolean accepts(ObjectNode row) {
            JsonNode value = row.get(column);
            return value != null && accepts(value.asText());
        }

        boolean accepts(String text) {
            return texts.contains(text.toLowerCase(Locale.ROOT))
                    || (!numbers.isEmpty()
                            && numeric(text)
                            && numbers.contains(new BigDecimal(text).stripTrailingZeros()));
        }

        private static boolean numeric(String text) {
            return text.length() <= MAX_DIGITS && NUMBER.matcher(text).matches();
        }
    }
}

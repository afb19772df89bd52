package dev.tagma.agent.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Rows with named columns, read once from text; values stay as they were written.
 *
 * @param columns every column that a row has, in order of appearance
 * @param rows in the text's order
 */
record LookupTable(Set<String> columns, List<ObjectNode> rows) {
    private static final ObjectMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .enable(CsvParser.Feature.FAIL_ON_MISSING_HEADER_COLUMNS)
            .build();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** The table in {@code text}, whose format {@code key} tells by its ending: csv, json, yaml or yml, or one of these itself. */
    static LookupTable parse(String key, String text) {
        String format = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        try {
            return switch (format) {
                case "csv" -> csv(text);
                case "json" -> tree(Json.MAPPER.readTree(text));
                case "yaml", "yml" -> tree(YAML.readTree(text));
                default ->
                    throw new IllegalArgumentException(
                            "the key \"" + key + "\" does not tell the format: end it with .csv, .json, .yaml or .yml");
            };
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("\"" + key + "\" holds no table: " + e.getOriginalMessage() + at(e), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("\"" + key + "\" holds no table: " + e.getMessage(), e);
        }
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    private static LookupTable csv(String text) throws IOException {
        CsvSchema schema = CsvSchema.emptySchema().withHeader();
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (MappingIterator<Map<String, String>> lines =
                CSV.readerForMapOf(String.class).with(schema).readValues(body)) {
            List<ObjectNode> rows = new ArrayList<>();
            while (lines.hasNextValue()) {
                ObjectNode row = Json.object();
                lines.nextValue().forEach(row::put);
                rows.add(row);
            }
            return of(rows);
        }
    }

    private static LookupTable tree(JsonNode tree) {
        if (!tree.isArray()) {
            throw new IllegalArgumentException("a table is a list of objects, one per row");
        }
        List<ObjectNode> rows = new ArrayList<>();
        for (JsonNode element : tree) {
            if (!(element instanceof ObjectNode row)) {
                throw new IllegalArgumentException("row " + rows.size() + " is no object");
            }
            rows.add(row);
        }
        return of(rows);
    }

    private static LookupTable of(List<ObjectNode> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("the table has no rows");
        }
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
        return new LookupTable(columns, List.copyOf(rows));
    }

    /** The distinct values of a column as text, in order of appearance. */
    Set<String> values(String column) {
        Map<String, String> values = new LinkedHashMap<>();
        for (ObjectNode row : rows) {
            String value = row.path(column).asText();
            values.putIfAbsent(value.toLowerCase(Locale.ROOT), value);
        }
        return new LinkedHashSet<>(values.values());
    }
}

package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** values.yaml and values.schema.json say the same names, and each value says what it is for. */
class ChartValuesTest {
    /** The one name that Helm gives meaning to by itself. */
    private static final String GLOBAL = "global";

    private static final Pattern ENTRY = Pattern.compile("^( *)([A-Za-z]+):.*");

    private final JsonNode schema = Chart.yaml(Chart.DIRECTORY.resolve("values.schema.json"));

    @Test
    void everyValueHasItsSchemaAndEverySchemaItsValue() {
        List<String> differences = new ArrayList<>();
        compare("", schema, Chart.values(), differences);
        assertThat(differences).isEmpty();
    }

    private void compare(String path, JsonNode schema, JsonNode value, List<String> differences) {
        JsonNode known = resolve(schema);
        if (!known.has("properties") || leaf(path)) {
            return;
        }
        assertThat(known.path("additionalProperties").isBoolean())
                .as(path + " refuses names that it does not know")
                .isTrue();
        for (Iterator<Map.Entry<String, JsonNode>> all =
                        known.path("properties").fields();
                all.hasNext(); ) {
            Map.Entry<String, JsonNode> each = all.next();
            String name = path + "." + each.getKey();
            if (each.getKey().equals(GLOBAL)) {
                continue;
            }
            if (value.has(each.getKey())) {
                compare(name, each.getValue(), value.path(each.getKey()), differences);
            } else {
                differences.add(name + " is in the schema and has no default");
            }
        }
        value.fieldNames().forEachRemaining(name -> {
            if (!known.path("properties").has(name)) {
                differences.add(path + "." + name + " is not in the schema");
            }
        });
    }

    /** Kubernetes' own types, of which a default need not name every field. */
    private static boolean leaf(String path) {
        return path.matches(".*(Probe|resources|strategy)");
    }

    private JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? this.schema.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    @Test
    void everyValueSaysWhatItIsFor() throws IOException {
        List<String> lines = Files.readAllLines(Chart.DIRECTORY.resolve("values.yaml"));
        List<String> silent = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            var entry = ENTRY.matcher(lines.get(i));
            boolean group = lines.get(i).endsWith(":");
            if (entry.matches() && !group && !explained(lines, i, entry.group(1).length())) {
                silent.add((i + 1) + ": " + lines.get(i));
            }
        }
        assertThat(silent).isEmpty();
    }

    /** By a comment above it, or above the value that it is a part of. */
    private static boolean explained(List<String> lines, int line, int indent) {
        int above = line - 1;
        if (lines.get(above).strip().startsWith("#")) {
            return true;
        }
        for (int i = above; i > 0; i--) {
            var entry = ENTRY.matcher(lines.get(i));
            if (entry.matches() && entry.group(1).length() < indent) {
                return lines.get(i - 1).strip().startsWith("# --")
                        && lines.get(i).endsWith(":");
            }
        }
        return false;
    }
}

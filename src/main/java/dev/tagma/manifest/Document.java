package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One object of a manifest.
 *
 * @param lines where each field stands, by its path from the YAML document's root
 * @param base path of this object from that root: empty, or an item of a List
 */
record Document(Path file, ObjectNode content, Map<String, Integer> lines, String base) {
    /** The objects of a List, or this. An item that is no object is an empty one, so that it is missed by its line. */
    List<Document> flattened() {
        JsonNode items = content.get("items");
        if (!kind().endsWith("List") || items == null || !items.isArray()) {
            return List.of(this);
        }
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String path = FieldPath.item(FieldPath.property(base, "items"), i);
            ObjectNode item =
                    items.get(i) instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
            documents.add(new Document(file, item, lines, path));
        }
        return documents;
    }

    String apiVersion() {
        return content.path("apiVersion").asText("");
    }

    String kind() {
        return content.path("kind").asText("");
    }

    String name() {
        return content.path("metadata").path("name").asText("");
    }

    String namespace() {
        return content.path("metadata").path("namespace").asText("");
    }

    /** The line of the field, or of the nearest field around it that was written down. */
    int line(String field) {
        String path = field.isEmpty() ? base : base.isEmpty() ? field : base + "." + field;
        while (!lines.containsKey(path) && !path.isEmpty()) {
            path = FieldPath.parent(path);
        }
        return lines.getOrDefault(path, 1);
    }

    /** Where this object begins, for a reader of file {@code from}. */
    String place(Path from) {
        String line = Integer.toString(line(FieldPath.ROOT));
        return file.equals(from) ? "line " + line : file + ":" + line;
    }

    Problem problem(String field, String message) {
        return new Problem(file, line(field), label(), field, message, "");
    }

    Problem problem(Violation violation) {
        return new Problem(
                file, line(violation.field()), label(), violation.field(), violation.message(), violation.meant());
    }

    String label() {
        String id = namespace().isEmpty() ? name() : namespace() + "/" + name();
        return (kind() + " " + id).strip();
    }
}

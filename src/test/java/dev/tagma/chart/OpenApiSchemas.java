package dev.tagma.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.kube.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The kinds that an API server serves, as files of JSON Schema that know no field beyond its own. */
record OpenApiSchemas(Path directory) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFINITIONS = "_definitions.json";
    private static final String REFERENCE = "#/definitions/";
    private static final List<String> EITHER =
            List.of("io.k8s.apimachinery.pkg.util.intstr.IntOrString", "io.k8s.apimachinery.pkg.api.resource.Quantity");

    /** Writes the schemas of a cluster, its custom resources among them. */
    static OpenApiSchemas of(Cluster cluster, Path directory) throws IOException {
        JsonNode document =
                JSON.readTree(cluster.kubectl("get", "--raw", "/openapi/v2").ok());
        ObjectNode definitions = (ObjectNode) document.path("definitions");
        for (Map.Entry<String, JsonNode> each : definitions.properties()) {
            ObjectNode definition = (ObjectNode) each.getValue();
            if (EITHER.contains(each.getKey())) {
                stringOrNumber(definition);
            } else {
                strict(definition);
            }
            for (JsonNode kind : definition.path("x-kubernetes-group-version-kind")) {
                Files.writeString(
                        directory.resolve(name(kind)),
                        JSON.createObjectNode()
                                .put("$ref", DEFINITIONS + REFERENCE + each.getKey())
                                .toString());
            }
        }
        Files.writeString(
                directory.resolve(DEFINITIONS),
                JSON.createObjectNode().set("definitions", definitions).toString());
        return new OpenApiSchemas(directory);
    }

    /** As kubeconform looks for it. */
    String location() {
        return directory + "/{{ .ResourceKind }}{{ .KindSuffix }}.json";
    }

    private static String name(JsonNode kind) {
        String group = kind.path("group").asText().split("\\.")[0];
        return (kind.path("kind").asText() + "-" + (group.isEmpty() ? "" : group + "-")
                        + kind.path("version").asText() + ".json")
                .toLowerCase(Locale.ROOT);
    }

    private static void strict(JsonNode node) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        if (schema.path("$ref").isTextual()) {
            schema.put("$ref", schema.path("$ref").asText().replace(REFERENCE, DEFINITIONS + REFERENCE));
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()
                || schema.path("format").asText().equals("int-or-string")) {
            stringOrNumber(schema);
        }
        boolean open = schema.has("additionalProperties")
                || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        if (schema.has("properties") && !open) {
            schema.put("additionalProperties", false);
        }
        schema.path("properties").forEach(OpenApiSchemas::strict);
        strict(schema.path("items"));
        strict(schema.path("additionalProperties"));
    }

    private static void stringOrNumber(ObjectNode schema) {
        schema.remove(List.of("format", "pattern", "anyOf"));
        schema.putArray("type").add("string").add("number");
    }
}

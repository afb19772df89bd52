package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind of object that manifests may hold.
 *
 * @param namespaced whether its objects live in a namespace
 * @param schema of the whole object
 */
record Kind(String apiVersion, String name, boolean namespaced, Schema schema) {
    private static final List<String> CRDS = List.of("agentpools", "missions", "modelproviders");

    /** The kinds of our CRDs, which are packaged, and those of Kubernetes that they refer to. */
    static List<Kind> all() {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        JsonNode core = read(yaml, "core.yaml");
        ObjectNode everyObject = (ObjectNode) core.get("object");
        List<Kind> kinds = new ArrayList<>();
        for (String crd : CRDS) {
            kinds.add(ofCrd(read(yaml, "/crds/" + crd + ".yaml"), everyObject));
        }
        for (JsonNode kind : core.path("kinds")) {
            kinds.add(new Kind(
                    kind.path("apiVersion").asText(),
                    kind.path("kind").asText(),
                    kind.path("namespaced").asBoolean(),
                    schema(kind.get("schema"), everyObject)));
        }
        return List.copyOf(kinds);
    }

    private static Kind ofCrd(JsonNode crd, ObjectNode everyObject) {
        JsonNode version = crd.at("/spec/versions/0");
        return new Kind(
                crd.at("/spec/group").asText() + "/" + version.path("name").asText(),
                crd.at("/spec/names/kind").asText(),
                crd.at("/spec/scope").asText().equals("Namespaced"),
                schema(version.at("/schema/openAPIV3Schema"), everyObject));
    }

    private static Schema schema(JsonNode schema, ObjectNode everyObject) {
        ((ObjectNode) schema.get("properties")).setAll(everyObject);
        return Schema.of(schema);
    }

    private static JsonNode read(ObjectMapper yaml, String resource) {
        try (InputStream in = Kind.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + resource);
            }
            return yaml.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

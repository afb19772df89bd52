package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generates the CRDs from the types, with what the generator leaves out: order of columns, descriptions of kinds. */
final class Crds {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR));

    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(AgentPool.class, Mission.class, ModelProvider.class);

    private Crds() {}

    /** The CRDs by file name. */
    static Map<String, String> generate() throws IOException {
        Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();
        new CRDGenerator()
                .withOutput(new InMemory(outputs))
                .customResourceClasses(KINDS)
                .forCRDVersions("v1")
                .withParallelGenerationEnabled(false)
                .generate();
        Map<String, ObjectNode> generated = new TreeMap<>();
        for (ByteArrayOutputStream output : outputs.values()) {
            ObjectNode crd = (ObjectNode) YAML.readTree(output.toByteArray());
            generated.put(crd.at("/spec/names/kind").asText(), crd);
        }
        Map<String, String> crds = new TreeMap<>();
        for (Class<? extends HasMetadata> kind : KINDS) {
            ObjectNode crd = generated.get(kind.getSimpleName());
            describe(crd, kind);
            sortColumns(crd, kind);
            wholeNumbers(crd);
            String file = crd.at("/spec/names/plural").asText() + ".yaml";
            crds.put(file, "# Generated from dev.tagma.api.v1alpha1 by `make crds`.\n" + YAML.writeValueAsString(crd));
        }
        return crds;
    }

    private static void describe(ObjectNode crd, Class<?> kind) {
        Type[] specAndStatus = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
        ObjectNode root = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
        root.put("description", description(kind));
        ((ObjectNode) root.at("/properties/spec")).put("description", description((Class<?>) specAndStatus[0]));
        ((ObjectNode) root.at("/properties/status")).put("description", description((Class<?>) specAndStatus[1]));
    }

    private static String description(Class<?> type) {
        return type.getAnnotation(JsonClassDescription.class).value();
    }

    /** The generator sorts columns by path; people read them in the order in which the type lists them. */
    private static void sortColumns(ObjectNode crd, Class<?> kind) {
        ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
        JsonNode generated = version.get("additionalPrinterColumns");
        ArrayNode sorted = version.arrayNode();
        for (AdditionalPrinterColumn column : kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
            for (JsonNode node : generated) {
                if (node.get("name").asText().equals(column.name())) {
                    sorted.add(node);
                }
            }
        }
        version.set("additionalPrinterColumns", sorted);
    }

    /** The generator writes bounds as doubles, such as 1.0E12. */
    private static void wholeNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue().isDouble()
                        && field.getValue().asDouble() == field.getValue().asLong()) {
                    field.setValue(LongNode.valueOf(field.getValue().asLong()));
                }
                wholeNumbers(field.getValue());
            });
        } else if (node instanceof ArrayNode array) {
            array.forEach(Crds::wholeNumbers);
        }
    }

    private record InMemory(Map<String, ByteArrayOutputStream> outputs)
            implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return outputs.computeIfAbsent(name, any -> new ByteArrayOutputStream());
        }

        @Override
        public URI crdURI(String name) {
            return URI.create("file:///" + name);
        }

        @Override
        public void close() {
            // Nothing is open: the generator wants the method.
        }
    }
}

package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of a type's properties what no annotation says, while the CRDs are generated. The input is lines of
 * {@code property word...}: {@code map=KEY} a list keyed by KEY, {@code set} a list without doubles, {@code atomic} a list whose order counts,
 * {@code any} any JSON object, {@code min=N} and {@code max=N} elements, {@code minProperties=N}, {@code maxProperties=N},
 * {@code values=N} longest string of a map, {@code required}, {@code unseen} the default of a status that nobody wrote yet.
 */
public final class SchemaTouch implements SchemaCustomizer.Customizer {
    @Override
    public JSONSchemaProps apply(JSONSchemaProps type, String input, KubernetesSerialization serialization) {
        for (String line : input.strip().split("\n")) {
            String[] words = line.strip().split(" +");
            JSONSchemaProps property = type.getProperties().get(words[0]);
            if (property == null) {
                throw new IllegalArgumentException("no property " + words[0] + " in "
                        + type.getProperties().keySet());
            }
            for (int i = 1; i < words.length; i++) {
                String[] pair = words[i].split("=", 2);
                if (pair[0].equals("required")) {
                    require(type, words[0]);
                } else {
                    touch(property, pair[0], pair.length == 2 ? pair[1] : "");
                }
            }
        }
        return type;
    }

    private static void require(JSONSchemaProps type, String property) {
        List<String> required = new ArrayList<>(type.getRequired() == null ? List.of() : type.getRequired());
        required.add(property);
        type.setRequired(required);
    }

    private static void touch(JSONSchemaProps property, String word, String value) {
        switch (word) {
            case "map" -> {
                property.setXKubernetesListType("map");
                property.setXKubernetesListMapKeys(List.of(value));
            }
            case "set", "atomic" -> property.setXKubernetesListType(word);
            case "any" -> {
                property.setType("object");
                property.setXKubernetesPreserveUnknownFields(true);
            }
            case "min" -> property.setMinItems(Long.valueOf(value));
            case "max" -> property.setMaxItems(Long.valueOf(value));
            case "minProperties" -> property.setMinProperties(Long.valueOf(value));
            case "maxProperties" -> property.setMaxProperties(Long.valueOf(value));
            case "values" -> property.getAdditionalProperties().getSchema().setMaxLength(Long.valueOf(value));
            case "unseen" -> property.setDefault(unseen());
            default -> throw new IllegalArgumentException("unknown word " + word);
        }
    }

    /** Nobody takes a status of generation -1 for current. */
    private static JsonNode unseen() {
        return JsonNodeFactory.instance.objectNode().set("observedGeneration", IntNode.valueOf(-1));
    }
}

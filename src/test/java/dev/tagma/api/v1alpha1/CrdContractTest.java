package dev.tagma.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every field of every kind. */
class CrdContractTest {
    private static final List<JsonNode> CRDS = new ArrayList<>();

    @BeforeAll
    static void generate() throws IOException {
        for (String crd : Crds.generate().values()) {
            CRDS.add(new ObjectMapper(new YAMLFactory()).readTree(crd));
        }
    }

    @Test
    void everyFieldIsDescribed() {
        assertThat(fields())
                .filteredOn(field -> field.isProperty() && !field.schema().has("description"))
                .isEmpty();
    }

    @Test
    void everyStringIsBounded() {
        assertThat(fields())
                .filteredOn(field -> field.schema().path("type").asText().equals("string"))
                .filteredOn(field -> !field.schema().has("maxLength")
                        && !field.schema().has("enum")
                        && !field.schema().path("format").asText().equals("date-time"))
                .isEmpty();
    }

    @Test
    void everyListIsBoundedAndSaysHowItMerges() {
        assertThat(fields())
                .filteredOn(field -> field.schema().path("type").asText().equals("array"))
                .isNotEmpty()
                .filteredOn(field ->
                        !field.schema().has("maxItems") || !field.schema().has("x-kubernetes-list-type"))
                .isEmpty();
    }

    @Test
    void everyMapAndOpenObjectIsBounded() {
        assertThat(fields())
                .filteredOn(field -> field.schema().path("type").asText().equals("object"))
                .filteredOn(field -> field.schema().has("additionalProperties")
                        || field.schema().has("x-kubernetes-preserve-unknown-fields"))
                .isNotEmpty()
                .filteredOn(field -> !field.schema().has("maxProperties"))
                .isEmpty();
    }

    @Test
    void everySpecNumberIsBounded() {
        assertThat(fields())
                .filteredOn(field -> field.path().contains(".spec")
                        && field.schema().path("type").asText().equals("integer"))
                .filteredOn(field ->
                        !field.schema().has("minimum") || !field.schema().has("maximum"))
                .isEmpty();
    }

    @Test
    void everyDefaultOfAnObjectIsWhatItsFieldsSay() {
        assertThat(fields())
                .filteredOn(field -> field.path().contains(".spec")
                        && field.schema().path("default").isObject())
                .isNotEmpty()
                .allSatisfy(field -> field.schema()
                        .get("default")
                        .properties()
                        .forEach(each -> assertThat(field.schema()
                                        .path("properties")
                                        .path(each.getKey())
                                        .get("default"))
                                .as(field.path() + "." + each.getKey())
                                .isEqualTo(each.getValue())));
    }

    @Test
    void specIsRequiredAndAnUnseenStatusSaysSo() {
        for (JsonNode crd : CRDS) {
            JsonNode root = crd.at("/spec/versions/0/schema/openAPIV3Schema");
            assertThat(root.path("required").path(0).asText()).isEqualTo("spec");
            assertThat(root.at("/properties/status/default/observedGeneration").asInt())
                    .isEqualTo(-1);
            assertThat(crd.at("/spec/versions/0/subresources").has("status")).isTrue();
            assertThat(crd.at("/spec/names/categories/0").asText()).isEqualTo("tagma");
        }
    }

    @Test
    void poolScales() {
        JsonNode scale = CRDS.getFirst().at("/spec/versions/0/subresources/scale");
        assertThat(scale.path("specReplicasPath").asText()).isEqualTo(".spec.replicas");
        assertThat(scale.path("statusReplicasPath").asText()).isEqualTo(".status.replicas");
        assertThat(scale.path("labelSelectorPath").asText()).isEqualTo(".status.selector");
    }

    @Test
    void everyMissionFieldButThreeIsImmutable() {
        JsonNode root = CRDS.get(1).at("/spec/versions/0/schema/openAPIV3Schema");
        List<String> immutable = StreamSupport.stream(
                        root.path("x-kubernetes-validations").spliterator(), false)
                .filter(rule -> rule.path("message").asText().equals(Mission.IMMUTABLE))
                .map(rule -> rule.path("fieldPath").asText().substring(".spec.".length()))
                .toList();
        List<String> fields = new ArrayList<>();
        root.at("/properties/spec/properties").fieldNames().forEachRemaining(fields::add);
        fields.removeAll(List.of("suspend", "cancel", "retention"));
        assertThat(immutable).containsExactlyInAnyOrderElementsOf(fields);
    }

    private static List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (JsonNode crd : CRDS) {
            collect(crd.at("/spec/names/kind").asText(), crd.at("/spec/versions/0/schema/openAPIV3Schema"), fields);
        }
        return fields;
    }

    private static void collect(String path, JsonNode schema, List<Field> fields) {
        fields.add(new Field(path, schema));
        schema.path("properties")
                .properties()
                .forEach(each -> collect(path + "." + each.getKey(), each.getValue(), fields));
        if (schema.has("items")) {
            collect(path + "[]", schema.get("items"), fields);
        }
        if (schema.path("additionalProperties").isObject()) {
            collect(path + "[]", schema.get("additionalProperties"), fields);
        }
    }

    private record Field(String path, JsonNode schema) {
        boolean isProperty() {
            return !path.endsWith("[]");
        }

        @Override
        public String toString() {
            return path;
        }
    }
}

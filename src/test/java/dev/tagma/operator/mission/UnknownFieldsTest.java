package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownFieldsTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Map<?, ?> stored;
    private int reads;
    private final UnknownFields unknown = new UnknownFields(mission -> {
        reads++;
        return stored;
    });

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "goal: go, novelty: x | spec.novelty",
                "goal: go, budget: {tokens: 5, novelty: {deep: true}} | spec.budget.novelty",
                "goal: go, budget: {onExceeded: Novelty} | spec.budget.onExceeded",
                "goal: go, retention: {object: Delete} | spec.retention.object"
            })
    void theFieldIsNamed(String spec, String field) throws Exception {
        assertThat(unknown.field(written("{" + spec + "}"))).contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "goal: go",
                "goal: go, inputs: {a: {b: [1, null, {c: {}}], d: null}}",
                "goal: go, outputSchema: {type: object, properties: {a: {enum: [x]}}}",
                "goal: go, budget: {}, suspend: false, priority: 0",
                "goal: go, inputsFrom: {configMapKeyRef: {name: a, key: b}}"
            })
    void whatIsKnownIsWhole(String spec) throws Exception {
        assertThat(unknown.field(written("{" + spec + "}"))).isEmpty();
    }

    @Test
    void aMissionWhoseFieldsAreAllThereIsNotReadAgain() throws Exception {
        Mission mission = managed(written("{goal: go, budget: {tokens: 5}}"), "{f:goal: {}, f:budget: {f:tokens: {}}}");
        assertThat(unknown.field(mission)).isEmpty();
        assertThat(reads).isZero();
    }

    @Test
    void whatTheManagersNameAndTheSpecHasNotIsLookedForOnce() throws Exception {
        Mission mission = managed(written("{goal: go, novelty: x}"), "{f:goal: {}, f:novelty: {}}");
        assertThat(unknown.field(mission)).contains("spec.novelty");
        assertThat(unknown.field(mission)).contains("spec.novelty");
        assertThat(reads).isEqualTo(1);
        mission.getMetadata().setGeneration(2L);
        assertThat(unknown.field(mission)).contains("spec.novelty");
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void whatIsGoneHasLostNothing() {
        assertThat(unknown.field(Missions.open("m", UUID.randomUUID()))).isEmpty();
    }

    /** As the watch shows it, without a manager's word. */
    private Mission written(String spec) throws JsonProcessingException {
        stored = YAML.readValue(spec, Map.class);
        Mission mission = Missions.open("m", UUID.randomUUID());
        mission.setSpec(JSON.convertValue(stored, MissionSpec.class));
        return mission;
    }

    private static Mission managed(Mission mission, String fields) throws JsonProcessingException {
        FieldsV1 all = new FieldsV1();
        all.setAdditionalProperty("f:spec", YAML.readValue(fields, Map.class));
        mission.getMetadata()
                .setManagedFields(List.of(new ManagedFieldsEntryBuilder()
                        .withManager("kubectl")
                        .withFieldsV1(all)
                        .build()));
        return mission;
    }
}

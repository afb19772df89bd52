package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KubernetesClientsTest {
    private static final String MISSION = """
            {"apiVersion": "tagma.dev/v1alpha1", "kind": "Mission",
             "metadata": {"name": "m", "uid": "u", "labels": {"a": "b"}, "selfLink": "kept",
               "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {"f:goal": {}}}}]},
             "spec": {"goal": "go", "inputs": {"managedFields": [1]}},
             "status": {"observedGeneration": 7, "startTime": "2026-01-02T03:04:05Z"}}""";

    private final KubernetesSerialization serialization = KubernetesClients.serialization();

    @Test
    void objectsComeWithoutTheOwnersOfTheirFields() {
        Mission mission = serialization.unmarshal(MISSION, Mission.class);
        assertThat(mission.getMetadata().getManagedFields()).isEmpty();
        assertThat(serialization.asJson(mission).split("managedFields", -1)).hasSize(2);
        assertThat(serialization
                        .unmarshal(MISSION, GenericKubernetesResource.class)
                        .getMetadata()
                        .getManagedFields())
                .isEmpty();
    }

    @Test
    void nothingElseIsLost() {
        Mission mission = serialization.unmarshal(MISSION, Mission.class);
        assertThat(mission).isEqualTo(withoutOwners(new KubernetesSerialization().unmarshal(MISSION, Mission.class)));
        assertThat(mission.getMetadata().getLabels()).isEqualTo(Map.of("a", "b"));
        assertThat(mission.getSpec().inputs().has("managedFields")).isTrue();
        assertThat(serialization.asJson(mission)).isEqualTo(new KubernetesSerialization().asJson(mission));
    }

    private static Mission withoutOwners(Mission mission) {
        mission.getMetadata().setManagedFields(List.of());
        return mission;
    }
}

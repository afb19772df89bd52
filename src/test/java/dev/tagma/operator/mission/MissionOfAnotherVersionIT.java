package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.kube.Cluster;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Missions that a newer version stored, with a field or a word that this one does not know. */
@Timeout(300)
class MissionOfAnotherVersionIT {
    private static final String MISSION =
            "{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: %s}, spec: {goal: go, %s}}";

    @Test
    void whatCannotBeReadWholeIsNotAdmittedAsSomethingElse() throws Exception {
        try (Cluster cluster = Cluster.own()) {
            cluster.applyCrds();
            cluster.kubectlWithInput(newer(cluster), "replace", "-f", "-").ok();
            try (MissionRig rig = new MissionRig(cluster)) {
                rig.operator();
                UUID pool = rig.pool(100);
                for (String field : new String[] {"novelty: x", "budget: {tokens: 5, onExceeded: Loan}"}) {
                    String name = field.startsWith("novelty") ? "field" : "word";
                    String manifest = MISSION.formatted(name, field);
                    await().atMost(MissionRig.PATIENCE)
                            .until(() -> cluster.kubectlWithInput(manifest, "apply", "-n", rig.namespace, "-f", "-")
                                            .exit()
                                    == 0);
                    rig.awaitReason(name, "UnknownField");
                    assertThat(rig.store.missions().find(RunIdentity.own(rig.get(name))))
                            .isEmpty();
                }
                assertThat(rig.message("field")).startsWith("spec.novelty is not known to this version of Tagma");
                assertThat(rig.message("word")).startsWith("spec.budget.onExceeded is not known");

                rig.mission("plain");
                rig.bind(pool);
                rig.awaitReason("plain", "Running");
                rig.patch("field", "{\"cancel\": true}");
                rig.awaitReason("field", "CancelRequested");
            }
        }
    }

    private static String newer(Cluster cluster) throws JsonProcessingException {
        JsonNode crd = new ObjectMapper()
                .readTree(cluster.kubectl("get", "crd", "missions.tagma.dev", "-o", "json")
                        .ok());
        ObjectNode fields = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
        fields.putObject("novelty").put("type", "string");
        ((ArrayNode) fields.at("/budget/properties/onExceeded/enum")).add("Loan");
        return crd.toString();
    }
}

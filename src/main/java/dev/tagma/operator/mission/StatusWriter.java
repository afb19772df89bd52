package dev.tagma.operator.mission;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/**
 * Writes to Missions: the difference alone, and only onto the very version that was read, of the very object. Who writes what is no
 * longer so, a stale leader or a stale cache, gets a conflict.
 */
final class StatusWriter {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();
    private static final PatchContext PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("tagma-operator")
            .build();

    private final KubernetesClient client;

    StatusWriter(KubernetesClient client) {
        this.client = client;
    }

    /** The Mission as it is with the new status. Throws KubernetesClientException with code 409 where it is no longer as given, 404 where it is gone. */
    Mission write(Mission mission, MissionStatus status) {
        ObjectNode patch = onto(mission);
        patch.set("status", MergePatch.between(JSON.valueToTree(mission.getStatus()), JSON.valueToTree(status)));
        return resource(mission).subresource("status").patch(PATCH, patch.toString());
    }

    /** The Mission as it is with its run's UID in the annotation. Throws as above. */
    Mission mark(Mission mission) {
        ObjectNode patch = onto(mission);
        patch.withObject("/metadata/annotations")
                .put(RunIdentity.ANNOTATION, mission.getMetadata().getUid());
        return resource(mission).patch(PATCH, patch.toString());
    }

    private static ObjectNode onto(Mission mission) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata")
                .put("uid", mission.getMetadata().getUid())
                .put("resourceVersion", mission.getMetadata().getResourceVersion());
        return patch;
    }

    /** Of the Mission itself: by its name alone, the client would read it from the API server before each write. */
    private Resource<Mission> resource(Mission mission) {
        return client.resource(mission);
    }

    /** The JSON merge patch (RFC 7386) that makes one tree of another. */
    static final class MergePatch {
        private MergePatch() {}

        static JsonNode between(JsonNode before, JsonNode after) {
            if (!before.isObject() || !after.isObject()) {
                return after;
            }
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            before.fieldNames().forEachRemaining(field -> {
                if (!after.has(field)) {
                    patch.putNull(field);
                }
            });
            after.properties().forEach(entry -> {
                JsonNode old = before.get(entry.getKey());
                if (old == null) {
                    patch.set(entry.getKey(), entry.getValue());
                } else if (!old.equals(entry.getValue())) {
                    patch.set(entry.getKey(), between(old, entry.getValue()));
                }
            });
            return patch;
        }
    }
}

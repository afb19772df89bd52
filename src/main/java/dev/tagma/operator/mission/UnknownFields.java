package dev.tagma.operator.mission;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the field of a Mission's spec that a newer version wrote and this one cannot read: what is not known is lost on the way from the
 * watch, as an unknown field or as an unknown word of a list. The names of all fields are still in {@code metadata.managedFields}; only
 * where one of them is missing from the spec is the Mission read once more, as it is stored.
 */
final class UnknownFields {
    private static final String FIELD = "f:";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Stored stored;
    private final Map<UUID, Found> found = new ConcurrentHashMap<>();

    private record Found(Long generation, Optional<String> field) {}

    /** The Missions as they are stored. */
    interface Stored {
        /** The spec in every word, or null where the Mission is gone. */
        Object spec(Mission mission);
    }

    UnknownFields(Stored stored) {
        this.stored = stored;
    }

    /** Of the Missions of an API server. */
    static UnknownFields of(KubernetesClient client) {
        return new UnknownFields(mission -> {
            GenericKubernetesResource whole = client.genericKubernetesResources(
                            mission.getApiVersion(), mission.getKind())
                    .inNamespace(mission.getMetadata().getNamespace())
                    .withName(mission.getMetadata().getName())
                    .get();
            return whole == null ? null : whole.get("spec");
        });
    }

    /** Its path, such as {@code spec.budget.novelty}. Throws KubernetesClientException where the Mission cannot be read. */
    Optional<String> field(Mission mission) {
        if (!mayHaveLost(mission)) {
            return Optional.empty();
        }
        UUID uid = RunIdentity.own(mission);
        Long generation = mission.getMetadata().getGeneration();
        Found known = found.get(uid);
        if (known == null || !Objects.equals(known.generation(), generation)) {
            known = new Found(generation, lost(mission));
            found.put(uid, known);
        }
        return known.field();
    }

    void forget(Mission mission) {
        found.remove(RunIdentity.own(mission));
    }

    private boolean mayHaveLost(Mission mission) {
        List<ManagedFieldsEntry> managers = mission.getMetadata().getManagedFields();
        if (managers == null || managers.isEmpty()) {
            return true;
        }
        JsonNode spec = JSON.convertValue(mission.getSpec(), JsonNode.class);
        return managers.stream()
                .filter(each -> each.getFieldsV1() != null)
                .map(each -> each.getFieldsV1().getAdditionalProperties().get(FIELD + "spec"))
                .anyMatch(fields -> fields instanceof Map<?, ?> names && isMissing(names, spec));
    }

    private static boolean isMissing(Map<?, ?> names, JsonNode value) {
        return names.entrySet().stream()
                .filter(each -> each.getKey().toString().startsWith(FIELD))
                .anyMatch(each -> {
                    JsonNode child = value.path(each.getKey().toString().substring(FIELD.length()));
                    return child.isMissingNode()
                            || child.isNull()
                            || each.getValue() instanceof Map<?, ?> deeper && isMissing(deeper, child);
                });
    }

    private Optional<String> lost(Mission mission) {
        Object spec = stored.spec(mission);
        if (spec == null) {
            return Optional.empty();
        }
        JsonNode written = JSON.convertValue(spec, JsonNode.class);
        MissionSpec read = JSON.convertValue(written, MissionSpec.class);
        return lost("spec", written, JSON.convertValue(read, JsonNode.class));
    }

    /** The first path that {@code written} has and {@code read} has not. Nothing is lost with what is null or empty. */
    static Optional<String> lost(String path, JsonNode written, JsonNode read) {
        if (written.isNull() || written.isContainerNode() && written.isEmpty()) {
            return Optional.empty();
        }
        if (read.isMissingNode() || read.isNull()) {
            return Optional.of(path);
        }
        if (written.isObject()) {
            return written.properties().stream()
                    .map(each -> lost(path + "." + each.getKey(), each.getValue(), read.path(each.getKey())))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        for (int i = 0; i < written.size(); i++) {
            JsonNode item = read.isArray() ? read.path(i) : MissingNode.getInstance();
            Optional<String> lost = lost(path + "[" + i + "]", written.get(i), item);
            if (lost.isPresent()) {
                return lost;
            }
        }
        return Optional.empty();
    }
}

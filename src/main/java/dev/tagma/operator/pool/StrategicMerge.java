package dev.tagma.operator.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Lays one pod template over another as {@code kubectl patch} does: objects merge, null removes, the lists of Kubernetes that are keyed
 * merge by their key, every other list is replaced. The keys are those of the patchMergeKey tags in Kubernetes' core/v1 types.
 */
final class StrategicMerge {
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("env", "name"),
            Map.entry("ports", "containerPort"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("volumes", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("resourceClaims", "name"),
            Map.entry("topologySpreadConstraints", "topologyKey"));

    private StrategicMerge() {}

    /** A new object; neither argument is changed. */
    static ObjectNode merge(ObjectNode base, ObjectNode over) {
        ObjectNode merged = base.deepCopy();
        over.properties().forEach(each -> {
            String name = each.getKey();
            JsonNode value = each.getValue();
            if (value.isNull()) {
                merged.remove(name);
            } else {
                merged.set(name, merged(name, merged.get(name), value));
            }
        });
        return merged;
    }

    private static JsonNode merged(String name, JsonNode base, JsonNode over) {
        if (over instanceof ObjectNode object) {
            return merge(base instanceof ObjectNode known ? known : JsonNodeFactory.instance.objectNode(), object);
        }
        String key = KEYS.get(name);
        if (key != null && over instanceof ArrayNode items && base instanceof ArrayNode known) {
            return byKey(key, known, items);
        }
        return over.deepCopy();
    }

    private static ArrayNode byKey(String key, ArrayNode base, ArrayNode over) {
        ArrayNode merged = base.deepCopy();
        for (JsonNode item : over) {
            int at = indexOf(key, merged, item);
            if (at >= 0 && item instanceof ObjectNode object) {
                merged.set(at, merge((ObjectNode) merged.get(at), object));
            } else {
                merged.add(item.deepCopy());
            }
        }
        return merged;
    }

    private static int indexOf(String key, ArrayNode items, JsonNode item) {
        List<JsonNode> keys = items.valueStream().map(each -> each.path(key)).toList();
        return item.path(key).isMissingNode() ? -1 : keys.indexOf(item.path(key));
    }
}

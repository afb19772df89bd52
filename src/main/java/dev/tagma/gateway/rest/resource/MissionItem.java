package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.api.v1alpha1.MissionStatus.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A mission as lists show it: what is sorted and filtered by, and the rest as the bytes that go out. Ten thousand of them fit into some
 * twenty megabytes, whatever their goals and answers are.
 */
public record MissionItem(
        Place place,
        String uid,
        String resourceVersion,
        String agent,
        String pool,
        Map<String, String> labels,
        byte[] json) {
    /** Longest text of an item. */
    static final int TEXT_MAX = 256;

    private static final String OURS = "tagma.dev/";

    /** What of a mission decides where it stands; what an order does not ask for is left at any value. */
    public record Place(Instant created, Phase phase, int priority, String namespace, String name) {}

    public MissionItem {
        labels = Map.copyOf(labels);
    }

    /** Of the mission. */
    public String namespace() {
        return place.namespace();
    }

    /** Of the mission. */
    public String name() {
        return place.name();
    }

    /** Of an object whose tree is the item's from now on. */
    static MissionItem of(ObjectNode object) {
        trim(object);
        JsonNode metadata = object.path("metadata");
        JsonNode spec = object.path("spec");
        String namespace = metadata.path("namespace").asText();
        JsonNode pool = spec.path("poolRef");
        Map<String, String> labels = new HashMap<>();
        metadata.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new MissionItem(
                new Place(
                        Instant.parse(metadata.path("creationTimestamp").asText()),
                        phase(object.path("status").path("phase").asText()),
                        spec.path("priority").asInt(0),
                        namespace,
                        metadata.path("name").asText()),
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                spec.path("agent").asText(""),
                pool.path("namespace").asText(namespace) + "/"
                        + pool.path("name").asText("default"),
                labels,
                object.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A phase of a newer version sorts with those that are not seen yet. */
    private static Phase phase(String text) {
        for (Phase phase : Phase.values()) {
            if (phase.name().equals(text)) {
                return phase;
            }
        }
        return Phase.Pending;
    }

    private static void trim(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
            if (metadata.get("annotations") instanceof ObjectNode annotations) {
                for (Iterator<String> names = annotations.fieldNames(); names.hasNext(); ) {
                    if (!names.next().startsWith(OURS)) {
                        names.remove();
                    }
                }
            }
        }
        if (object.get("spec") instanceof ObjectNode spec) {
            spec.remove(List.of("inputs", "outputSchema"));
            dropLong(spec, "goal");
        }
        if (object.get("status") instanceof ObjectNode status && status.get("result") instanceof ObjectNode result) {
            result.remove("output");
            dropLong(result, "summary");
        }
    }

    private static void dropLong(ObjectNode node, String field) {
        if (node.path(field).asText().length() > TEXT_MAX) {
            node.remove(field);
        }
    }
}

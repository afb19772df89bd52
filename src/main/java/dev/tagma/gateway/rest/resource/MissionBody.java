package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.ProblemException;
import java.util.Iterator;
import java.util.Set;

/** What callers may say of a mission; what it must be beyond, the API server knows. */
final class MissionBody {
    /** Who created a mission through the gateway; users cannot choose it. */
    static final String CREATED_BY = "tagma.dev/created-by";

    private static final String API_VERSION = "tagma.dev/v1alpha1";
    private static final Set<String> MAY_CHANGE = Set.of("suspend", "cancel", "retention");

    private MissionBody() {}

    /** Makes the object the namespace's and the caller's. */
    static void prepare(ObjectNode mission, String namespace, String user) {
        same(mission, "apiVersion", API_VERSION, "apiVersion");
        same(mission, "kind", "Mission", "kind");
        ObjectNode metadata = object(mission, "metadata", "metadata");
        same(metadata, "namespace", namespace, "metadata.namespace");
        if (!metadata.hasNonNull("name") && !metadata.hasNonNull("generateName")) {
            throw ProblemException.refused("metadata.name", "name the mission, or give metadata.generateName");
        }
        object(metadata, "annotations", "metadata.annotations").put(CREATED_BY, user);
    }

    /** Refuses whatever may not change. */
    static void checkPatch(ObjectNode patch) {
        only(patch, "", Set.of("spec"));
        if (!(patch.get("spec") instanceof ObjectNode spec) || spec.isEmpty()) {
            throw ProblemException.refused("spec", "patch spec.suspend, spec.cancel or spec.retention");
        }
        only(spec, "spec.", MAY_CHANGE);
        if (spec.get("retention") instanceof ObjectNode retention) {
            only(retention, "spec.retention.", Set.of("data"));
        }
    }

    private static void only(ObjectNode node, String prefix, Set<String> allowed) {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw ProblemException.refused(
                        prefix + name,
                        prefix + name
                                + " cannot be patched; only spec.suspend, spec.cancel and spec.retention.data can");
            }
        }
    }

    private static void same(ObjectNode node, String name, String wanted, String field) {
        JsonNode given = node.get(name);
        if (given != null && !given.isNull() && !given.asText().equals(wanted)) {
            throw ProblemException.refused(
                    field,
                    field + " must be " + wanted + " here, not " + Parameters.shown(given.asText(given.toString())));
        }
        node.put(name, wanted);
    }

    private static ObjectNode object(ObjectNode node, String name, String field) {
        JsonNode given = node.get(name);
        if (given == null || given.isNull()) {
            return node.putObject(name);
        }
        if (given instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.refused(field, field + " must be an object");
    }
}

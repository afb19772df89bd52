package dev.tagma.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where references among documents lead. */
final class References {
    private static final Map<String, String> KEY_REFERENCES =
            Map.of("configMapKeyRef", "ConfigMap", "secretKeyRef", "Secret");

    /** Fields that hold any JSON, or names of their own. */
    private static final Set<String> OPAQUE = Set.of("inputs", "outputSchema", "parameters");

    private final Map<String, Document> known = new HashMap<>();
    private final List<Problem> unresolved = new ArrayList<>();

    /** Among {@code documents}, the invalid ones included: who refers to one of them has no fault. */
    References(List<Document> documents) {
        documents.forEach(document -> known.put(document.label(), document));
    }

    /** The references of these that lead to nothing. */
    List<Problem> unresolved(List<Document> valid) {
        for (Document document : valid) {
            JsonNode spec = document.content().path("spec");
            switch (document.kind()) {
                case "Mission" -> mission(document, spec);
                case "AgentPool" -> pool(document, spec);
                default -> {}
            }
            keys(document, spec, "spec");
        }
        return unresolved;
    }

    private void mission(Document mission, JsonNode spec) {
        Document pool = object(mission, "AgentPool", spec.path("poolRef"), "spec.poolRef");
        if (pool == null) {
            return;
        }
        List<String> agents = StreamSupport.stream(
                        pool.content().at("/spec/agents").spliterator(), false)
                .map(agent -> agent.path("name").asText())
                .toList();
        String names = agents.stream().collect(Collectors.joining(", "));
        if (!spec.has("agent") && agents.size() > 1) {
            missing(mission, "spec.agent", "Required value: " + pool.label() + " has several agents: " + names);
        } else if (spec.has("agent") && !agents.contains(spec.get("agent").asText())) {
            missing(mission, "spec.agent", "Not found: " + spec.get("agent") + ": " + pool.label() + " has: " + names);
        }
    }

    private void pool(Document pool, JsonNode spec) {
        JsonNode models = spec.path("models");
        for (int i = 0; i < models.size(); i++) {
            String field = FieldPath.item("spec.models", i) + ".providerRef";
            object(pool, "ModelProvider", models.get(i).path("providerRef"), field);
        }
    }

    /** References to keys of ConfigMaps and Secrets, wherever they stand. */
    private void keys(Document document, JsonNode value, String path) {
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                keys(document, value.get(i), FieldPath.item(path, i));
            }
        }
        value.properties().forEach(each -> {
            String field = FieldPath.property(path, each.getKey());
            String kind = KEY_REFERENCES.get(each.getKey());
            if (kind != null) {
                key(document, kind, each.getValue(), field);
            } else if (!OPAQUE.contains(each.getKey())) {
                keys(document, each.getValue(), field);
            }
        });
    }

    private void key(Document document, String kind, JsonNode reference, String field) {
        Document target = object(document, kind, reference, field);
        String key = reference.path("key").asText();
        if (target != null
                && !target.content().path("data").has(key)
                && !target.content().path("binaryData").has(key)) {
            missing(document, field + ".key", "Not found: \"" + key + "\": " + target.label() + " has no such key");
        }
    }

    private Document object(Document from, String kind, JsonNode reference, String field) {
        String namespace = reference.path("namespace").asText(from.namespace());
        String name = reference.path("name").asText();
        Document target = known.get(kind + " " + namespace + "/" + name);
        if (target == null) {
            missing(
                    from,
                    field,
                    "Not found: \"" + name + "\": no " + kind + " " + namespace + "/" + name + " among the manifests");
        }
        return target;
    }

    private void missing(Document document, String field, String message) {
        unresolved.add(document.problem(field, message));
    }
}

package dev.tagma.operator.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Set;

/**
 * A pool's own pod template over the operator's. A runtime runs what a model asked for, so nothing in the template may give it the host,
 * another identity or a secret; and what the operator needs to find and reach it stays the operator's.
 */
final class PodOverlay {
    private static final Set<String> ALLOWED_HOST_FIELDS = Set.of("hostname", "hostAliases");
    private static final Map<String, String> FORBIDDEN = Map.ofEntries(
            Map.entry("serviceAccountName", "runtimes have the pool's own service account"),
            Map.entry("serviceAccount", "runtimes have the pool's own service account"),
            Map.entry("automountServiceAccountToken", "runtimes hold no token for the API server"),
            Map.entry("serviceAccountToken", "runtimes hold no other token than the gateway's"),
            Map.entry("clusterTrustBundle", "the operator's settings name the gateway's CA"),
            Map.entry("podCertificate", "runtimes hold no key"),
            Map.entry("secret", "runtimes hold no secret: a tool's header takes one by valueFrom"),
            Map.entry("secretRef", "runtimes hold no secret: a tool's header takes one by valueFrom"),
            Map.entry("secretKeyRef", "runtimes hold no secret: a tool's header takes one by valueFrom"),
            Map.entry("secretName", "runtimes hold no secret"),
            Map.entry("nodePublishSecretRef", "runtimes hold no secret"),
            Map.entry("ephemeralContainers", "they are added to pods that run, by kubectl debug"));
    private static final Set<String> ONLY_FALSE = Set.of("privileged", "allowPrivilegeEscalation");
    private static final Set<String> RESERVED_IN_RUNTIME = Set.of("command", "args");
    private static final Set<String> KEPT =
            Set.of("metadata", "metadata.labels", "spec", "spec.containers", "spec.volumes");
    private static final Set<String> KEPT_IN_RUNTIME = Set.of("env", "volumeMounts");

    private final KubernetesSerialization serialization;

    PodOverlay(KubernetesSerialization serialization) {
        this.serialization = serialization;
    }

    /** The operator's template with the pool's over it. */
    PodTemplateSpec over(PodTemplateSpec base, JsonNode template) throws TemplateException {
        if (template == null || template.isNull() || template.isEmpty()) {
            return base;
        }
        if (!(template instanceof ObjectNode overlay)) {
            throw new TemplateException("", "is no object: write metadata and spec of a pod template");
        }
        judge(overlay, "");
        judgeMetadata(overlay.path("metadata"));
        judgeContainers(overlay.path("spec"));
        try {
            ObjectNode ours = serialization.convertValue(base, ObjectNode.class);
            return serialization.convertValue(StrategicMerge.merge(ours, overlay), PodTemplateSpec.class);
        } catch (IllegalArgumentException e) {
            throw new TemplateException("", "is no pod template: " + firstLine(e.getMessage()));
        }
    }

    private static void judge(JsonNode node, String path) throws TemplateException {
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            String name = each.getKey();
            String child = path.isEmpty() ? name : path + "." + name;
            if (path.isEmpty() && !name.equals("metadata") && !name.equals("spec")) {
                throw new TemplateException(child, "a pod template has metadata and spec");
            }
            if (each.getValue().isNull() && KEPT.contains(child)) {
                throw new TemplateException(child, "cannot be removed, what the operator needs is in it");
            }
            if (!text(path)) {
                judgeName(name, each.getValue(), child);
            }
            judge(each.getValue(), child);
        }
        int index = 0;
        for (JsonNode item : node.isArray() ? node : Set.<JsonNode>of()) {
            judge(item, path + "[" + index++ + "]");
        }
    }

    /** Keys of labels and annotations are nobody's fields. */
    private static boolean text(String path) {
        return path.endsWith("labels")
                || path.endsWith("annotations")
                || path.endsWith("matchLabels")
                || path.endsWith("nodeSelector");
    }

    private static void judgeName(String name, JsonNode value, String path) throws TemplateException {
        if (name.startsWith("$")) {
            throw new TemplateException(path, "directives of patches are not known here: write null to remove a field");
        }
        if (FORBIDDEN.containsKey(name)) {
            throw new TemplateException(path, "is not allowed, " + FORBIDDEN.get(name));
        }
        if (name.startsWith("host") && !ALLOWED_HOST_FIELDS.contains(name)) {
            throw new TemplateException(path, "is not allowed, runtimes have no part in their host");
        }
        if (ONLY_FALSE.contains(name) && !value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
            throw new TemplateException(path, "is not allowed: runtimes have no privileges");
        }
    }

    private static void judgeMetadata(JsonNode metadata) throws TemplateException {
        for (Map.Entry<String, JsonNode> each : metadata.properties()) {
            if (!each.getKey().equals("labels") && !each.getKey().equals("annotations")) {
                throw new TemplateException("metadata." + each.getKey(), "only labels and annotations can be set");
            }
        }
        for (Map.Entry<String, JsonNode> label : metadata.path("labels").properties()) {
            if (label.getKey().startsWith("tagma.dev/") || label.getKey().startsWith("app.kubernetes.io/")) {
                throw new TemplateException(
                        "metadata.labels[" + label.getKey() + "]", "the operator sets it: choose another name");
            }
        }
    }

    private static void judgeContainers(JsonNode spec) throws TemplateException {
        for (JsonNode container : spec.path("containers")) {
            if (!container.path("name").asText().equals(RuntimePod.CONTAINER)) {
                continue;
            }
            for (String field : RESERVED_IN_RUNTIME) {
                if (container.has(field)) {
                    throw new TemplateException("spec.containers[runtime]." + field, "the operator sets it: remove it");
                }
            }
            for (String field : KEPT_IN_RUNTIME) {
                if (container.path(field).isNull()) {
                    throw new TemplateException(
                            "spec.containers[runtime]." + field, "cannot be removed, what the operator needs is in it");
                }
            }
            if (container.has("image")) {
                throw new TemplateException(
                        "spec.containers[runtime].image", "is said by spec.runtime.image: move it there");
            }
            for (JsonNode variable : container.path("env")) {
                if (variable.path("name").asText().startsWith("TAGMA_")) {
                    throw new TemplateException(
                            "spec.containers[runtime].env["
                                    + variable.path("name").asText() + "]",
                            "the operator sets what begins with TAGMA_: remove it");
                }
            }
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }
}

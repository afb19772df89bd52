package dev.tagma.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether anybody writes: the versions of a namespace's objects, and the writes that the API server has counted. */
final class Settled {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String KINDS =
            "agentpools,modelproviders,missions,configmaps,deployments,replicasets,pods,services,"
                    + "serviceaccounts,networkpolicies,poddisruptionbudgets";
    private static final Pattern WRITE =
            Pattern.compile("apiserver_request_total\\{[^}]*group=\"(?:tagma.dev|apps|policy|networking.k8s.io)\"[^}]*"
                    + "verb=\"(?:APPLY|PATCH|PUT|POST|DELETE)\"[^}]*} (\\S+)");

    private Settled() {}

    /** The objects of a namespace once nothing changes them any more, each with what tells one version from another. */
    static Map<String, String> await(String namespace) {
        AtomicReference<Map<String, String>> last = new AtomicReference<>(Map.of());
        Waiting.atMost(PATIENCE, "nobody to write to " + namespace)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    Map<String, String> now = versions(namespace);
                    return now.equals(last.getAndSet(now));
                });
        return last.get();
    }

    static Map<String, String> versions(String namespace) {
        JsonNode all = json(Suite.kubectl("get", KINDS, "-n", namespace, "-o", "json", "--show-managed-fields")
                .ok());
        Map<String, String> versions = new TreeMap<>();
        for (JsonNode each : all.path("items")) {
            String name =
                    each.path("kind").asText() + "/" + each.at("/metadata/name").asText();
            String uid = each.at("/metadata/uid").asText();
            versions.put(
                    name,
                    switch (each.path("kind").asText()) {
                        case "AgentPool" -> withoutLoad((ObjectNode) each);
                        // the operator notes on it how busy it is
                        case "Pod" -> uid;
                        default ->
                            uid + " " + each.at("/metadata/resourceVersion").asText();
                    });
        }
        return versions;
    }

    /** How busy a pool's runtimes are changes by itself: nothing else of a pool may. */
    private static String withoutLoad(ObjectNode pool) {
        ((ObjectNode) pool.path("metadata")).remove("resourceVersion");
        ((ObjectNode) pool.path("status")).remove("load");
        for (JsonNode manager : pool.at("/metadata/managedFields")) {
            if (manager.path("subresource").asText().equals("status")) {
                ((ObjectNode) manager).remove("time");
            }
        }
        return pool.toString();
    }

    /** Requests so far that wrote to Tagma's kinds or to kinds that a pool is made of, by whomever. */
    static long writes() {
        return Suite.kubectl("get", "--raw", "/metrics")
                .ok()
                .lines()
                .map(WRITE::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}

package dev.tagma.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a network that enforces NetworkPolicies would let through, as cyclonus reads them.
 *
 * @param policies NetworkPolicy objects
 */
public record Network(List<JsonNode> policies) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ANSWER = Pattern.compile("IS ALLOWED\\?\\s*\\|\\s*(TRUE|FALSE)");

    /** One end of a connection. */
    public sealed interface Peer {
        /** A pod, by what policies see of it. */
        record InPod(String namespace, Map<String, String> namespaceLabels, Map<String, String> labels, String address)
                implements Peer {}

        /** Anything else. */
        record Outside(String address) implements Peer {}
    }

    /**
     * A connection that somebody would open.
     *
     * @param what for people
     */
    public record Connection(String what, Peer from, Peer to, String protocol, int port) {
        public static Connection tcp(String what, Peer from, Peer to, int port) {
            return new Connection(what, from, to, "TCP", port);
        }
    }

    /** Whether each of them would be let through, in their order. */
    public List<Boolean> lets(List<Connection> connections) {
        try {
            Path directory = Files.createTempDirectory("tagma-network");
            Path traffic = Files.writeString(directory.resolve("traffic.json"), traffic(connections));
            Path file = Files.writeString(directory.resolve("policies.json"), list());
            try {
                return answers(
                        Command.of(List.of(
                                        Programs.ofChecks().path("cyclonus"),
                                        "analyze",
                                        "--mode=query-traffic",
                                        "--policy-path=" + file,
                                        "--traffic-path=" + traffic))
                                .run()
                                .ok(),
                        connections.size());
            } finally {
                Files.delete(traffic);
                Files.delete(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Boolean> answers(String text, int expected) {
        List<Boolean> answers = ANSWER.matcher(text.toUpperCase(Locale.ROOT))
                .results()
                .map(each -> each.group(1).equals("TRUE"))
                .toList();
        if (answers.size() != expected) {
            throw new AssertionError(answers.size() + " answers to " + expected + " questions: " + text);
        }
        return answers;
    }

    private String list() {
        return JSON.createObjectNode()
                .put("apiVersion", "networking.k8s.io/v1")
                .put("kind", "NetworkPolicyList")
                .set("items", JSON.valueToTree(policies))
                .toString();
    }

    private static String traffic(List<Connection> connections) {
        ArrayNode all = JSON.createArrayNode();
        for (Connection each : connections) {
            ObjectNode one = all.addObject();
            one.set("Source", peer(each.from()));
            one.set("Destination", peer(each.to()));
            one.put("ResolvedPort", each.port()).put("ResolvedPortName", "").put("Protocol", each.protocol());
        }
        return all.toString();
    }

    private static ObjectNode peer(Peer peer) {
        return switch (peer) {
            case Peer.Outside outside -> JSON.createObjectNode().put("IP", outside.address());
            case Peer.InPod pod -> {
                ObjectNode node = JSON.createObjectNode().put("IP", pod.address());
                ObjectNode inside = node.putObject("Internal").put("Namespace", pod.namespace());
                inside.set("NamespaceLabels", JSON.valueToTree(pod.namespaceLabels()));
                inside.set("PodLabels", JSON.valueToTree(pod.labels()));
                yield node;
            }
        };
    }
}

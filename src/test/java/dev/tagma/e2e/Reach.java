package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.kube.Network;
import dev.tagma.kube.Network.Connection;
import dev.tagma.kube.Network.Peer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which connections the cluster's NetworkPolicies let through, whether or not its network enforces them. */
final class Reach {
    private final Network network;
    private final Map<Connection, Boolean> expected = new LinkedHashMap<>();

    private Reach(List<JsonNode> policies) {
        network = new Network(policies);
    }

    /** By the policies that are there now. */
    static Reach live() {
        List<JsonNode> policies = new ArrayList<>();
        Settled.json(Suite.kubectl("get", "networkpolicies", "-A", "-o", "json").ok())
                .path("items")
                .forEach(policies::add);
        return new Reach(policies);
    }

    void lets(String who, Pod from, String what, Object to, int port) {
        expected.put(Connection.tcp(who + " to " + what, peer(from), peer(to), port), true);
    }

    void letsAsk(String who, Pod from, String what, Pod to) {
        expected.put(new Connection(who + " to " + what, peer(from), peer(to), "UDP", 53), true);
    }

    void denies(String who, Pod from, String what, Object to, int port) {
        expected.put(Connection.tcp(who + " to " + what, peer(from), peer(to), port), false);
    }

    /** Compares; without policies all of them are let through. {@code whose} is for the report. */
    void judge(String whose) {
        List<Connection> connections = List.copyOf(expected.keySet());
        Map<String, Boolean> found = new LinkedHashMap<>();
        Map<String, Boolean> wanted = new LinkedHashMap<>();
        List<Boolean> answers = network.lets(connections);
        for (int i = 0; i < connections.size(); i++) {
            found.put(connections.get(i).what(), answers.get(i));
            wanted.put(connections.get(i).what(), expected.get(connections.get(i)));
        }
        assertThat(found).isEqualTo(wanted);
        assertThat(new Network(List.of()).lets(connections)).containsOnly(true);
        Report.figure(
                "connections of " + whose + ", judged by cyclonus from the live policies",
                Integer.toString(found.size()),
                "as intended");
    }

    /** A pod that has nothing to do with Tagma. */
    static Pod stranger(String namespace) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("stranger")
                .addToLabels("app", "stranger")
                .endMetadata()
                .withNewStatus()
                .withPodIP("198.18.0.250")
                .endStatus()
                .build();
    }

    static Pod dns() {
        return Suite.client()
                .pods()
                .inNamespace("kube-system")
                .withLabel("k8s-app", "kube-dns")
                .list()
                .getItems()
                .getFirst();
    }

    /** Its address behind its Service. */
    static String apiServer() {
        return Suite.kubectl(
                        "get",
                        "endpointslices",
                        "-n",
                        "default",
                        "-l",
                        "kubernetes.io/service-name=kubernetes",
                        "-o",
                        "jsonpath={.items[0].endpoints[0].addresses[0]}")
                .ok();
    }

    static String apiService() {
        return Suite.kubectl("get", "service", "kubernetes", "-n", "default", "-o", "jsonpath={.spec.clusterIP}")
                .ok();
    }

    private static Peer peer(Object end) {
        return switch (end) {
            case Pod pod ->
                new Peer.InPod(
                        pod.getMetadata().getNamespace(),
                        Suite.client()
                                .namespaces()
                                .withName(pod.getMetadata().getNamespace())
                                .require()
                                .getMetadata()
                                .getLabels(),
                        pod.getMetadata().getLabels(),
                        pod.getStatus().getPodIP());
            default -> new Peer.Outside(end.toString());
        };
    }
}

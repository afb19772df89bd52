package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.kube.Network;
import dev.tagma.kube.Network.Connection;
import dev.tagma.kube.Network.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the chart's NetworkPolicies let through, as cyclonus reads them. */
@Tag("chart")
class ChartNetworkIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEAM = "team";
    private static final Peer RUNTIME = pod(
            TEAM,
            Map.of(
                    "app.kubernetes.io/name",
                    "tagma",
                    "app.kubernetes.io/component",
                    "runtime",
                    "tagma.dev/pool",
                    "default"));
    private static final Peer STRANGER = pod(TEAM, Map.of("app", "stranger"));
    private static final Peer INTERNET = new Peer.Outside("192.0.2.1");

    private static Peer pod(String namespace, Map<String, String> labels) {
        return new Peer.InPod(namespace, Map.of("kubernetes.io/metadata.name", namespace), labels, "198.18.0.7");
    }

    private static Peer of(Rendered rendered, String kind, String component) {
        Map<String, String> labels = JSON.convertValue(
                rendered.get(kind, Chart.RELEASE + "-" + component).at("/spec/template/metadata/labels"),
                JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
        return pod(Chart.NAMESPACE, labels);
    }

    /** The names of those that are let through. */
    private static List<String> through(Rendered rendered, Connection... connections) {
        List<JsonNode> policies = rendered.all("NetworkPolicy").stream()
                .map(each -> (ObjectNode) each.deepCopy())
                .<JsonNode>map(each -> {
                    each.withObject("/metadata").put("namespace", Chart.NAMESPACE);
                    return each;
                })
                .toList();
        List<Boolean> lets = new Network(policies).lets(List.of(connections));
        List<String> through = new ArrayList<>();
        for (int i = 0; i < connections.length; i++) {
            if (lets.get(i)) {
                through.add(connections[i].what());
            }
        }
        return through;
    }

    @Test
    void eachRoleReachesWhatItNeedsAndIsReachedByWhoNeedsIt() {
        Rendered chart = Helm.with();
        Peer gateway = of(chart, "Deployment", "gateway");
        Peer operator = of(chart, "Deployment", "operator");
        Peer postgres = of(chart, "StatefulSet", "postgres");
        assertThat(through(
                        chart,
                        Connection.tcp("runtime to gRPC", RUNTIME, gateway, 9443),
                        Connection.tcp("runtime to plain REST", RUNTIME, gateway, 8080),
                        Connection.tcp("runtime to Postgres", RUNTIME, postgres, 5432),
                        Connection.tcp("runtime to operator", RUNTIME, operator, 8080),
                        Connection.tcp("stranger to gRPC", STRANGER, gateway, 9443),
                        Connection.tcp("stranger to plain REST", STRANGER, gateway, 8080),
                        Connection.tcp("stranger to REST", STRANGER, gateway, 8443),
                        Connection.tcp("stranger to Postgres", STRANGER, postgres, 5432),
                        Connection.tcp("stranger to operator", STRANGER, operator, 8080),
                        Connection.tcp("gateway to Postgres", gateway, postgres, 5432),
                        Connection.tcp("gateway to a model", gateway, INTERNET, 443),
                        Connection.tcp("gateway to operator", gateway, operator, 8080),
                        Connection.tcp("operator to Postgres", operator, postgres, 5432),
                        Connection.tcp("operator to gRPC", operator, gateway, 9443),
                        Connection.tcp("Postgres to the internet", postgres, INTERNET, 443),
                        Connection.tcp("Postgres to gateway", postgres, gateway, 8443)))
                .containsExactly(
                        "runtime to gRPC",
                        "stranger to REST",
                        "gateway to Postgres",
                        "gateway to a model",
                        "operator to Postgres");
    }

    @Test
    void runtimesOfNamespacesThatAreNotServedReachNothing() {
        Rendered chart = Helm.with("watchNamespaces={other}");
        Peer gateway = of(chart, "Deployment", "gateway");
        Peer served = pod("other", ((Peer.InPod) RUNTIME).labels());
        assertThat(through(
                        chart,
                        Connection.tcp("runtime of another", RUNTIME, gateway, 9443),
                        Connection.tcp("runtime", served, gateway, 9443)))
                .containsExactly("runtime");
    }

    @Test
    void restAndMetricsAreReachedByThePeersThatAreNamed() {
        Rendered chart = Helm.with(
                "networkPolicy.restFrom[0].namespaceSelector.matchLabels.team=web",
                "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.team=monitoring");
        Peer gateway = of(chart, "Deployment", "gateway");
        Peer operator = of(chart, "Deployment", "operator");
        Peer web = new Peer.InPod("web", Map.of("team", "web"), Map.of(), "198.18.0.8");
        Peer monitoring = new Peer.InPod("monitoring", Map.of("team", "monitoring"), Map.of(), "198.18.0.9");
        assertThat(through(
                        chart,
                        Connection.tcp("web to REST", web, gateway, 8443),
                        Connection.tcp("stranger to REST", STRANGER, gateway, 8443),
                        Connection.tcp("monitoring to REST", monitoring, gateway, 8443),
                        Connection.tcp("monitoring to gateway", monitoring, gateway, 8080),
                        Connection.tcp("monitoring to operator", monitoring, operator, 8080),
                        Connection.tcp("web to operator", web, operator, 8080)))
                .containsExactly("web to REST", "monitoring to gateway", "monitoring to operator");
    }
}

package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Installations on a real API server with its controllers: objects are admitted and pods made of them; no kubelet runs those. */
@Tag("chart")
@Timeout(180)
class ChartInstallIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.own().withControllerManager();
        cluster.kubectl("create", "namespace", Chart.NAMESPACE).ok();
        cluster.kubectl("label", "namespace", Chart.NAMESPACE, "pod-security.kubernetes.io/enforce=restricted")
                .ok();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void install() {
        upgrade();
    }

    @AfterEach
    void uninstall() {
        Helm.on(cluster, "uninstall", Chart.RELEASE, "--namespace", Chart.NAMESPACE, "--ignore-not-found")
                .ok();
    }

    private static void upgrade(String... assignments) {
        List<String> arguments = new ArrayList<>(List.of(
                "upgrade", "--install", Chart.RELEASE, Chart.DIRECTORY.toString(), "--namespace", Chart.NAMESPACE));
        arguments.addAll(Chart.EMBEDDED);
        for (String each : assignments) {
            arguments.addAll(List.of("--set", each));
        }
        Helm.on(cluster, arguments.toArray(String[]::new)).ok();
    }

    private static JsonNode get(String... what) {
        List<String> arguments = new ArrayList<>(List.of("get", "-n", Chart.NAMESPACE, "-o", "json"));
        arguments.addAll(List.of(what));
        try {
            return JSON.readTree(
                    cluster.kubectl(arguments.toArray(String[]::new)).ok());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode data(String secret) {
        return get("secret", secret).path("data");
    }

    @Test
    void restrictedPodSecurityAdmitsEveryPod() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pods())
                        .containsEntry("operator", 1L)
                        .containsEntry("gateway", 2L)
                        .containsEntry("postgres", 1L));
    }

    private static Map<String, Long> pods() {
        return cluster.client().pods().inNamespace(Chart.NAMESPACE).list().getItems().stream()
                .collect(Collectors.groupingBy(ChartInstallIT::component, Collectors.counting()));
    }

    private static String component(Pod pod) {
        return pod.getMetadata().getLabels().get("app.kubernetes.io/component");
    }

    /** Strictly: a field that the API server does not know, or that stands twice, is an error. */
    @Test
    void theApiServerKnowsEveryFieldOfEveryObjectAndItsHooks() {
        List<JsonNode> objects = Helm.with().objects();
        assertThat(objects).hasSizeGreaterThan(30);
        String list = JSON.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "List")
                .set("items", JSON.valueToTree(objects))
                .toString();
        cluster.kubectl("create", "serviceaccount", "tagma-test", "-n", Chart.NAMESPACE)
                .ok();
        var applied = cluster.kubectlWithInput(
                list,
                "apply",
                "--server-side",
                "--force-conflicts",
                "--dry-run=server",
                "--validate=strict",
                "-f",
                "-");
        cluster.kubectl("delete", "serviceaccount", "tagma-test", "-n", Chart.NAMESPACE)
                .ok();
        assertThat(applied.ok().lines()).hasSize(objects.size());
        assertThat(applied.err()).doesNotContain("Warning");
    }

    @Test
    void anUpgradeThatChangesNothingRollsNothingAndKeepsWhatWasDrawnByLot() {
        JsonNode password = data("tagma-postgres");
        JsonNode certificate = data("tagma-gateway-tls");
        String generations = generations();
        assertThat(password.path("password").asText()).isNotEmpty();
        upgrade();
        upgrade();
        assertThat(data("tagma-postgres")).isEqualTo(password);
        assertThat(data("tagma-gateway-tls")).isEqualTo(certificate);
        assertThat(generations()).isEqualTo(generations);
    }

    private static String generations() {
        StringBuilder all = new StringBuilder();
        get("deployment,statefulset,networkpolicy,poddisruptionbudget")
                .path("items")
                .forEach(each -> all.append(Rendered.title(each))
                        .append(' ')
                        .append(each.at("/metadata/generation"))
                        .append('\n'));
        return all.toString();
    }

    @Test
    void aCertificateOfOtherNamesIsMadeAnew() {
        JsonNode before = data("tagma-gateway-tls");
        upgrade("tls.extraNames={tagma.example.com}");
        assertThat(data("tagma-gateway-tls").path("tls.crt")).isNotEqualTo(before.path("tls.crt"));
    }

    @Test
    void whatIsDeclaredTheWayIntoTheDatabaseAndTheCertificateOutliveTheRelease() {
        JsonNode password = data("tagma-postgres");
        JsonNode certificate = data("tagma-gateway-tls");
        cluster.kubectlWithInput("""
                apiVersion: tagma.dev/v1alpha1
                kind: Mission
                metadata: {name: kept, namespace: default}
                spec: {goal: stay}
                """, "apply", "-f", "-").ok();
        String uid = get("mission", "kept", "-n", "default").at("/metadata/uid").asText();
        uninstall();
        assertThat(cluster.kubectl("get", "deployment,networkpolicy", "-n", Chart.NAMESPACE, "-o", "name")
                        .out())
                .isEmpty();
        assertThat(cluster.kubectl(
                                "get",
                                "clusterrole,clusterrolebinding",
                                "-l",
                                "app.kubernetes.io/name=tagma",
                                "-o",
                                "name")
                        .out())
                .isEmpty();
        install();
        assertThat(get("mission", "kept", "-n", "default").at("/metadata/uid").asText())
                .isEqualTo(uid);
        assertThat(data("tagma-postgres")).isEqualTo(password);
        assertThat(data("tagma-gateway-tls")).isEqualTo(certificate);
    }

    @Test
    void aRollbackBringsBackWhatWas() {
        upgrade("gateway.replicas=3", "logLevel=DEBUG");
        assertThat(get("deployment", "tagma-gateway").at("/spec/replicas").asInt())
                .isEqualTo(3);
        JsonNode certificate = data("tagma-gateway-tls");
        Helm.on(cluster, "rollback", Chart.RELEASE, "--namespace", Chart.NAMESPACE)
                .ok();
        assertThat(get("deployment", "tagma-gateway").at("/spec/replicas").asInt())
                .isEqualTo(2);
        assertThat(data("tagma-gateway-tls")).isEqualTo(certificate);
    }

    @Test
    void theCrdsAreThoseOfTheTypes() {
        Set<String> names = Set.of("agentpools.tagma.dev", "missions.tagma.dev", "modelproviders.tagma.dev");
        for (String name : names) {
            JsonNode crd = get("crd", name);
            assertThat(crd.at("/metadata/annotations/helm.sh~1resource-policy").asText())
                    .isEqualTo("keep");
            assertThat(crd.at("/metadata/labels/app.kubernetes.io~1managed-by").asText())
                    .isEqualTo("Helm");
        }
        assertThat(cluster.kubectl("diff", "--server-side", "--force-conflicts", "-f", "crds")
                        .exit())
                .as("crds/ applied over the chart's change nothing")
                .isZero();
    }
}

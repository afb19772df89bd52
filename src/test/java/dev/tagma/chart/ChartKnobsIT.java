package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each value changes. */
@Tag("chart")
class ChartKnobsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POD = "/spec/template/spec";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "replicas=3                                          | /spec/replicas                                 | 3",
                "revisionHistoryLimit=9                              | /spec/revisionHistoryLimit                     | 9",
                "strategy.type=Recreate,ROLE.strategy.rollingUpdate=null | /spec/strategy                             | {\"type\":\"Recreate\"}",
                "annotations.a=b                                     | /metadata/annotations                          | {\"a\":\"b\"}",
                "podAnnotations.a=b                                  | /spec/template/metadata/annotations/a          | \"b\"",
                "podLabels.a=b                                       | /spec/template/metadata/labels/a               | \"b\"",
                "terminationGracePeriodSeconds=77                    | POD/terminationGracePeriodSeconds              | 77",
                "resources.limits.memory=2Gi                         | POD/containers/0/resources/limits/memory       | \"2Gi\"",
                "resources.requests.cpu=2                            | POD/containers/0/resources/requests/cpu        | 2",
                "startupProbe.failureThreshold=99                    | POD/containers/0/startupProbe/failureThreshold | 99",
                "livenessProbe.periodSeconds=99                      | POD/containers/0/livenessProbe/periodSeconds   | 99",
                "readinessProbe.timeoutSeconds=99                    | POD/containers/0/readinessProbe/timeoutSeconds | 99",
                "extraEnvFrom[0].secretRef.name=s                    | POD/containers/0/envFrom                       | [{\"secretRef\":{\"name\":\"s\"}}]",
                "extraContainers[0].name=side                        | POD/containers/1/name                          | \"side\"",
                "nodeSelector.disk=ssd                               | POD/nodeSelector                               | {\"disk\":\"ssd\"}",
                "tolerations[0].operator=Exists                      | POD/tolerations                                | [{\"operator\":\"Exists\"}]",
                "priorityClassName=high                              | POD/priorityClassName                          | \"high\"",
                "affinity.nodeAffinity.x=y                           | POD/affinity                                   | {\"nodeAffinity\":{\"x\":\"y\"}}",
                "topologySpreadConstraints[0].topologyKey=rack       | POD/topologySpreadConstraints                  | [{\"topologyKey\":\"rack\"}]",
                "serviceAccount.name=mine                            | POD/serviceAccountName                         | \"mine\"",
            })
    void bothRolesHaveThisKnob(String assignment, String pointer, String expected) throws Exception {
        for (String role : List.of("operator", "gateway")) {
            Rendered rendered =
                    Helm.with((role + "." + assignment).replace("ROLE", role).split(",(?=" + role + ")"));
            JsonNode deployment = rendered.get("Deployment", "tagma-" + role);
            assertThat(deployment.at(pointer.replace("POD", POD))).as(role).isEqualTo(JSON.readTree(expected));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connections=42 | TAGMA_DATABASE_CONNECTIONS | 42",
                "extraEnv[0].name=A,ROLE.extraEnv[0].value=b | A | b"
            })
    void bothRolesHaveThisVariable(String assignment, String variable, String value) {
        for (String role : List.of("operator", "gateway")) {
            String[] all = (role + "." + assignment).replace("ROLE", role).split(",");
            assertThat(Helm.with(all).variable(role, variable).asText()).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "operator.leaseSeconds=20, operator, TAGMA_LEASE_SECONDS, 20",
        "gateway.runtimeLeaseSeconds=9, gateway, TAGMA_RUNTIME_LEASE_SECONDS, 9",
        "gateway.rest.rate=1000000, gateway, TAGMA_REST_RATE, 1000000",
        "gateway.rest.burst=7, gateway, TAGMA_REST_BURST, 7",
        "gateway.rest.streams=7, gateway, TAGMA_REST_STREAMS, 7",
        "gateway.rest.streamsPerCaller=7, gateway, TAGMA_REST_STREAMS_PER_CALLER, 7",
        "gateway.service.ports.grpc=1234, operator, TAGMA_RUNTIME_GATEWAY, tagma-gateway.tagma-system.svc:1234",
        "image.tag=7, operator, TAGMA_IMAGE, localhost/tagma:7",
        "image.registry=r.io, operator, TAGMA_IMAGE, r.io/localhost/tagma:0.1.0-SNAPSHOT",
        "logLevel=DEBUG, gateway, TAGMA_LOG_LEVEL, DEBUG",
        "javaOptions=-Xmx1g, gateway, JDK_JAVA_OPTIONS, -Xmx1g",
        "'watchNamespaces={a,b}', gateway, TAGMA_WATCH_NAMESPACES, 'a,b'",
        "postgres.embedded.database=d, gateway, TAGMA_DATABASE_URL, jdbc:postgresql://tagma-postgres.tagma-system.svc:5432/d",
        "postgres.embedded.user=u, gateway, TAGMA_DATABASE_USER, u",
        "tls.mode=none, gateway, TAGMA_GATEWAY_PLAINTEXT, true",
        "tls.mode=none, operator, TAGMA_GATEWAY_PLAINTEXT, true",
    })
    void valueReachesTheRole(String assignment, String role, String variable, String value) {
        assertThat(Helm.with(assignment).variable(role, variable).asText()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gateway.service.type=LoadBalancer          | Service             | tagma-gateway  | /spec/type                     | \"LoadBalancer\"",
                "gateway.service.ports.https=443            | Service             | tagma-gateway  | /spec/ports/1/port             | 443",
                "gateway.service.annotations.a=b            | Service             | tagma-gateway  | /metadata/annotations          | {\"a\":\"b\"}",
                "gateway.service.loadBalancerClass=c        | Service             | tagma-gateway  | /spec/loadBalancerClass        | \"c\"",
                "gateway.service.loadBalancerSourceRanges={1.2.3.0/24} | Service  | tagma-gateway  | /spec/loadBalancerSourceRanges | [\"1.2.3.0/24\"]",
                "operator.replicas=2                        | PodDisruptionBudget | tagma-operator | /spec/maxUnavailable          | 1",
                "gateway.podDisruptionBudget.maxUnavailable=25% | PodDisruptionBudget | tagma-gateway | /spec/maxUnavailable         | \"25%\"",
                "gateway.serviceAccount.annotations.a=b     | ServiceAccount      | tagma-gateway  | /metadata/annotations          | {\"a\":\"b\"}",
                "operator.serviceAccount.annotations.a=b    | ServiceAccount      | tagma-operator | /metadata/annotations          | {\"a\":\"b\"}",
                "commonAnnotations.a=b                      | Service             | tagma-gateway  | /metadata/annotations          | {\"a\":\"b\"}",
                "commonLabels.a=b                           | ClusterRole         | tagma-gateway  | /metadata/labels/a             | \"b\"",
                "crds.keep=false                            | CustomResourceDefinition | missions.tagma.dev | /metadata/annotations | ",
                "crds.annotations.a=b                       | CustomResourceDefinition | missions.tagma.dev | /metadata/annotations | {\"a\":\"b\",\"helm.sh/resource-policy\":\"keep\"}",
                "postgres.embedded.image=p:1                | StatefulSet         | tagma-postgres | POD/containers/0/image         | \"p:1\"",
                "postgres.embedded.command={run}            | StatefulSet         | tagma-postgres | POD/containers/0/command       | [\"run\"]",
                "postgres.embedded.args={x}                 | StatefulSet         | tagma-postgres | POD/containers/0/args          | [\"x\"]",
                "postgres.embedded.podSecurityContext.runAsUser=26 | StatefulSet  | tagma-postgres | POD/securityContext/runAsUser  | 26",
                "postgres.embedded.persistence.size=1Gi     | StatefulSet         | tagma-postgres | CLAIM/resources                | {\"requests\":{\"storage\":\"1Gi\"}}",
                "postgres.embedded.persistence.storageClass=fast | StatefulSet    | tagma-postgres | CLAIM/storageClassName         | \"fast\"",
                "postgres.embedded.persistence.storageClass=- | StatefulSet       | tagma-postgres | CLAIM/storageClassName         | \"\"",
                "postgres.embedded.persistence.existingClaim=c | StatefulSet      | tagma-postgres | POD/volumes/4                  | {\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":\"c\"}}",
                "postgres.embedded.persistence.enabled=false | StatefulSet        | tagma-postgres | POD/volumes/4                  | {\"name\":\"data\",\"emptyDir\":{}}",
                "tests.timeout=9m                           | Pod                 | tagma-test     | /spec/containers/0/args/4      | \"--timeout=9m\"",
                "tests.runtime.missionsPerPod=1             | AgentPool           | tagma-test     | /spec/runtime                  | {\"missionsPerPod\":1}",
                "fullnameOverride=other                     | Deployment          | other-gateway  | /spec/replicas                 | 2",
            })
    void valueReachesTheObject(String assignment, String kind, String name, String pointer, String expected)
            throws Exception {
        JsonNode found = Helm.with(assignment)
                .get(kind, name)
                .at(pointer.replace("POD", POD).replace("CLAIM", "/spec/volumeClaimTemplates/0/spec"));
        assertThat(found).isEqualTo(expected == null ? JSON.missingNode() : JSON.readTree(expected));
    }

    @Test
    void furtherObjectsAreTemplates() {
        assertThat(Helm.with("extraObjects[0]=kind: {{ .Release.Name }}").all(Chart.RELEASE))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "crds.install=false, CustomResourceDefinition",
        "rbac.create=false, ClusterRole",
        "admissionPolicy.enabled=false, ValidatingAdmissionPolicy",
        "networkPolicy.enabled=false, NetworkPolicy",
        "gateway.podDisruptionBudget.enabled=false, PodDisruptionBudget",
        "tests.enabled=false, Mission",
        "tls.mode=none, Pod"
    })
    void switchedOffItIsNotThere(String assignment, String kind) {
        assertThat(Helm.with().all(kind)).isNotEmpty();
        assertThat(Helm.with(assignment).all(kind)).isEmpty();
    }

    @Test
    void viewersAndEditorsOfANamespaceGetTheirRightsByTheClustersOwnRoles() {
        for (String role : List.of("view", "edit")) {
            assertThat(Helm.with()
                            .get("ClusterRole", "tagma-" + role)
                            .at("/metadata/labels/rbac.authorization.k8s.io~1aggregate-to-" + role)
                            .asText())
                    .isEqualTo("true");
        }
        assertThat(Helm.with().get("ClusterRole", "tagma-view").path("rules").toString())
                .doesNotContain("transcript", "create");
        assertThat(Helm.with("rbac.users=false").all("ClusterRole"))
                .extracting(each -> each.at("/metadata/name").asText())
                .noneMatch(name -> name.endsWith("-view") || name.endsWith("-edit"));
    }

    @Test
    void aDatabaseOfOnesOwnIsNamedWithItsLogin() {
        Rendered rendered = Helm.render(List.of(
                "--set", "database.url=jdbc:postgresql://db:5432/t",
                "--set", "database.existingSecret=login",
                "--set", "database.directUrlKey=direct"));
        assertThat(rendered.all("StatefulSet")).isEmpty();
        for (String role : List.of("operator", "gateway")) {
            assertThat(rendered.variable(role, "TAGMA_DATABASE_URL").asText()).isEqualTo("jdbc:postgresql://db:5432/t");
            assertThat(rendered.variable(role, "TAGMA_DATABASE_USER").toString())
                    .contains("login", "username");
            assertThat(rendered.variable(role, "TAGMA_DATABASE_DIRECT_URL").toString())
                    .contains("login", "direct");
            assertThat(rendered.variable(role, "TAGMA_DATABASE_PASSWORD").isMissingNode())
                    .as("a password in a variable is in every dump of the process")
                    .isTrue();
        }
    }

    @Test
    void aCertificateOfOnesOwnIsMountedAndItsKeyByTheGatewayAlone() {
        Rendered rendered = Helm.with("tls.mode=existingSecret", "tls.existingSecret=mine");
        assertThat(rendered.find("Secret", "tagma-gateway-tls")).isEmpty();
        assertThat(volume(rendered, "gateway", "tls").at("/secret/secretName").asText())
                .isEqualTo("mine");
        assertThat(volume(rendered, "operator", "gateway-ca").toString())
                .contains("\"mine\"", "ca.crt")
                .doesNotContain("tls.key");
    }

    @Test
    void whereAPublicAuthoritySignedPoolsAreGivenNone() {
        Rendered rendered = Helm.with("tls.mode=existingSecret", "tls.existingSecret=mine", "tls.caKey=");
        assertThat(rendered.variable("operator", "TAGMA_RUNTIME_CA_FILE").isMissingNode())
                .isTrue();
        assertThat(volume(rendered, "operator", "gateway-ca").isMissingNode()).isTrue();
        assertThat(rendered.get("Pod", "tagma-test").toString()).doesNotContain("gateway-ca");
    }

    @Test
    void certManagerSignsForEveryNameOfTheService() {
        JsonNode certificate = Helm.with(
                        "tls.mode=certManager",
                        "tls.certManager.issuerRef.name=ca",
                        "tls.extraNames={tagma.example.com}")
                .get("Certificate", "tagma-gateway-tls");
        assertThat(texts(certificate.at("/spec/dnsNames")))
                .containsExactly(
                        "tagma-gateway",
                        "tagma-gateway.tagma-system",
                        "tagma-gateway.tagma-system.svc",
                        "tagma-gateway.tagma-system.svc.cluster.local",
                        "tagma.example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferred", "required", "none"})
    void podsAvoidEachOthersNodesAsMuchAsIsSaid(String much) {
        String affinity = Helm.with("gateway.podAntiAffinity=" + much)
                .get("Deployment", "tagma-gateway")
                .at(POD + "/affinity")
                .toString();
        assertThat(affinity.contains("preferredDuring")).isEqualTo(much.equals("preferred"));
        assertThat(affinity.contains("requiredDuring")).isEqualTo(much.equals("required"));
    }

    @Test
    void pullSecretsReachEveryPod() {
        Rendered rendered = Helm.with("imagePullSecrets[0].name=pull");
        assertThat(pods(rendered))
                .hasSize(4)
                .allSatisfy(pod ->
                        assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("pull"));
    }

    @Test
    void everyPodIsRestrictedAndItsFilesAreReadOnly() {
        assertThat(pods(Helm.with())).allSatisfy(pod -> {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            JsonNode container = pod.at("/containers/0/securityContext");
            assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(container.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            assertThat(pod.at("/containers/0/resources/limits/memory").asText()).isNotEmpty();
        });
    }

    /** An upgrade would restart it: what its pod says of itself stays as it is. */
    @Test
    void thePodOfPostgresDoesNotSayTheVersionOfTheChart() {
        JsonNode postgres = Helm.with("commonLabels.team=ours").get("StatefulSet", "tagma-postgres");
        assertThat(postgres.at("/metadata/labels").toString()).contains("helm.sh/chart", "app.kubernetes.io/version");
        assertThat(postgres.at("/spec/template").toString())
                .contains("\"team\":\"ours\"")
                .doesNotContain("helm.sh/chart", "app.kubernetes.io/version");
    }

    @Test
    void monitorsFindTheServices() {
        Rendered rendered = Helm.with(
                "serviceMonitor.enabled=true",
                "serviceMonitor.labels.release=prom",
                "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring");
        for (String role : List.of("operator", "gateway")) {
            JsonNode monitor = rendered.get("ServiceMonitor", "tagma-" + role);
            JsonNode service = rendered.get("Service", "tagma-" + role);
            monitor.at("/spec/selector/matchLabels")
                    .fields()
                    .forEachRemaining(
                            label -> assertThat(service.at("/metadata/labels").path(label.getKey()))
                                    .isEqualTo(label.getValue()));
            assertThat(service.at("/spec/ports/0/name")).isEqualTo(monitor.at("/spec/endpoints/0/port"));
            assertThat(rendered.get("NetworkPolicy", "tagma-" + role)
                            .at("/spec/ingress")
                            .toString())
                    .contains("monitoring", "8080");
        }
    }

    @Test
    void runtimesAreMonitoredWhereTheyAre() {
        String peer = "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring";
        assertThat(Helm.with("serviceMonitor.enabled=true", peer)
                        .get("ServiceMonitor", "tagma-runtime")
                        .at("/spec/namespaceSelector")
                        .toString())
                .isEqualTo("{\"any\":true}");
        assertThat(Helm.with("serviceMonitor.enabled=true", peer, "watchNamespaces={one}")
                        .get("ServiceMonitor", "tagma-runtime")
                        .at("/spec/namespaceSelector")
                        .toString())
                .isEqualTo("{\"matchNames\":[\"one\"]}");
    }

    @ParameterizedTest
    @MethodSource("dev.tagma.chart.Chart#sizes")
    void aSizeIsRendered(Path values) {
        Rendered rendered = Helm.render(List.of(
                "-f",
                values.toString(),
                "--set",
                "database.url=jdbc:postgresql://db/t",
                "--set",
                "database.existingSecret=s"));
        assertThat(rendered.get("Deployment", "tagma-gateway")
                        .at("/spec/replicas")
                        .asInt())
                .isGreaterThanOrEqualTo(2);
    }

    /** Helm writes large numbers of a schema in a way that the API server does not read. */
    @Test
    void crdsKeepTheirNumbers() {
        assertThat(Helm.template(Chart.EMBEDDED).ok()).doesNotContainPattern(Pattern.compile(": [0-9.]+e\\+[0-9]+"));
    }

    private static JsonNode volume(Rendered rendered, String role, String name) {
        return StreamSupport.stream(
                        rendered.get("Deployment", "tagma-" + role)
                                .at(POD + "/volumes")
                                .spliterator(),
                        false)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElse(JSON.missingNode());
    }

    private static List<JsonNode> pods(Rendered rendered) {
        return Stream.of("Deployment", "StatefulSet", "Pod")
                .flatMap(kind -> rendered.all(kind).stream())
                .map(each -> each.at(POD).isMissingNode() ? each.path("spec") : each.at(POD))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}

package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a runtime's pod may do and holds, in a namespace where the API server admits restricted pods alone. */
class RuntimePodIT {
    private static final String SHUT_IN = """
            podSelector:
              matchLabels:
                app.kubernetes.io/name: tagma
                app.kubernetes.io/component: runtime
                tagma.dev/pool: p
            policyTypes: [Ingress, Egress]
            ingress:
            - ports: [{port: 8080, protocol: TCP}]
            egress:
            - to:
              - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
                podSelector:
                  matchLabels: {app.kubernetes.io/name: tagma, app.kubernetes.io/component: gateway}
              ports: [{port: 9443, protocol: TCP}]
            - to:
              - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
                podSelector: {matchLabels: {k8s-app: kube-dns}}
              ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
            """;

    private OperatorRig rig;

    @BeforeEach
    void open() {
        rig = new OperatorRig(Cluster.shared().withControllerManager());
        rig.cluster
                .kubectl("label", "namespace", rig.namespace, "pod-security.kubernetes.io/enforce=restricted")
                .ok();
        rig.operator();
        rig.apply(Pools.PROVIDER);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void restrictedPodSecurityAdmitsIt() {
        rig.apply(Pools.pool("p"));
        rig.runPods("p", 1);
        rig.awaitReason("p", "Available");
    }

    @Test
    void aTemplateThatRestrictedPodSecurityRefusesIsNamed() {
        rig.apply(
                Pools.pool(
                        "p",
                        "runtime: {template: {spec: {containers: [{name: runtime, securityContext: {runAsNonRoot: false}}]}}}"));
        AgentPool refused = rig.awaitReason("p", "InvalidTemplate");
        assertThat(OperatorRig.ready(refused).message())
                .startsWith("spec.runtime.template: runtimes cannot be created")
                .contains("violates PodSecurity \"restricted");
        rig.apply(Pools.pool("p", "runtime: {template: {spec: {priorityClassName: \"\"}}}"));
        rig.runPods("p", 1);
        rig.awaitReason("p", "Available");
    }

    @Test
    void itHoldsNoDatabaseAndNoKeyAndOneTokenForTheGateway() {
        rig.apply(Pools.pool("p"));
        await().atMost(OperatorRig.PATIENCE).until(() -> !rig.pods("p").isEmpty());
        Pod pod = rig.pods("p").getFirst();
        assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSpec().getEnableServiceLinks()).isFalse();
        assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("p-runtime");
        assertThat(pod.getSpec().getInitContainers()).isEmpty();
        assertThat(pod.getSpec().getContainers()).hasSize(1);

        Container runtime = pod.getSpec().getContainers().getFirst();
        assertThat(runtime.getEnv())
                .extracting(EnvVar::getName)
                .containsExactly(
                        "TAGMA_GATEWAY",
                        "TAGMA_GATEWAY_PLAINTEXT",
                        "TAGMA_TOKEN_FILE",
                        "TAGMA_POOL_UID",
                        "TAGMA_SLOTS",
                        "TAGMA_POD_NAME");
        assertThat(runtime.getEnv())
                .filteredOn(each -> each.getValueFrom() != null)
                .extracting(each -> each.getValueFrom().getFieldRef().getFieldPath())
                .containsExactly("metadata.name");
        assertThat(runtime.getEnvFrom()).isEmpty();
        assertThat(runtime.getArgs()).containsExactly("runtime");

        List<Volume> volumes = pod.getSpec().getVolumes();
        assertThat(volumes).extracting(Volume::getName).containsExactly("token", "tmp");
        assertThat(volumes.getFirst().getProjected().getSources())
                .singleElement()
                .satisfies(source -> assertThat(source.getServiceAccountToken().getAudience())
                        .isEqualTo("tagma"));
        assertThat(volumes.getLast().getEmptyDir()).isNotNull();
    }

    @Test
    void itsNetworkReachesTheGatewayAndDnsAlone() {
        rig.apply(Pools.pool("p"));
        await().atMost(OperatorRig.PATIENCE).until(() -> rig.get(NetworkPolicy.class, "p-runtime") != null);
        assertThat(rig.get(NetworkPolicy.class, "p-runtime").getSpec())
                .isEqualTo(Serialization.unmarshal(SHUT_IN.formatted(rig.namespace), NetworkPolicySpec.class));
    }

    @Test
    void itsServiceAccountMayDoNothing() {
        rig.apply(Pools.pool("p"));
        rig.awaitReason("p", "RollingOut");
        String account = "system:serviceaccount:" + rig.namespace + ":p-runtime";
        for (String resource : List.of("secrets", "configmaps", "pods", "missions.tagma.dev", "agentpools.tagma.dev")) {
            assertThat(rig.cluster
                            .kubectl("auth", "can-i", "get", resource, "-n", rig.namespace, "--as=" + account)
                            .out()
                            .strip())
                    .as(resource)
                    .isEqualTo("no");
        }
    }
}

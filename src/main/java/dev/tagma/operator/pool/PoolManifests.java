package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.PoolRuntime;
import dev.tagma.operator.OperatorSettings;
import dev.tagma.operator.pool.GatewayAuthority.UnusableException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a pool is made of. The order is that in which they are applied: no pod starts before it is shut in.
 */
final class PoolManifests {
    /** Where the gateway's pods speak gRPC; its Service may show another port. */
    private static final int GATEWAY_PORT = 9443;

    private static final int DNS_PORT = 53;
    private static final int HISTORY = 5;

    private final OperatorSettings settings;
    private final RuntimePod pods;
    private final PodOverlay overlay;
    private final GatewayAuthority authority;

    PoolManifests(OperatorSettings settings, KubernetesSerialization serialization) {
        this.settings = settings;
        this.pods = new RuntimePod(settings.runtimes());
        this.overlay = new PodOverlay(serialization);
        Path file = settings.runtimes().authority();
        this.authority = file == null ? null : new GatewayAuthority(file);
    }

    List<HasMetadata> of(AgentPool pool) throws TemplateException, UnusableException {
        List<HasMetadata> objects = new ArrayList<>(
                List.of(networkPolicy(pool), serviceAccount(pool), service(pool), disruptionBudget(pool)));
        if (authority != null) {
            objects.add(authority(pool));
        }
        objects.add(deployment(pool));
        return objects;
    }

    /** Renewed in place: the kubelet brings it into running pods, which read it whenever they dial. */
    private ConfigMap authority(AgentPool pool) throws UnusableException {
        return new ConfigMapBuilder()
                .withMetadata(PoolNames.metadata(pool))
                .withData(Map.of(RuntimePod.AUTHORITY_KEY, authority.pem()))
                .build();
    }

    private static ServiceAccount serviceAccount(AgentPool pool) {
        return new ServiceAccountBuilder()
                .withMetadata(PoolNames.metadata(pool))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** The runtimes' health and metrics under one name, for monitoring; missions come by the line that each runtime dials itself. */
    private static Service service(AgentPool pool) {
        return new ServiceBuilder()
                .withMetadata(PoolNames.metadata(pool))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(PoolNames.selector(pool))
                .addNewPort()
                .withName("http")
                .withPort(RuntimePod.HTTP_PORT)
                .withTargetPort(new IntOrString(RuntimePod.HTTP_PORT))
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    Deployment deployment(AgentPool pool) throws TemplateException {
        PoolRuntime runtime = pool.getSpec().runtime();
        PodTemplateSpec template = overlay.over(pods.of(pool), runtime == null ? null : runtime.template());
        return new DeploymentBuilder()
                .withMetadata(PoolNames.metadata(pool))
                .withNewSpec()
                .withReplicas(replicas(pool))
                .withRevisionHistoryLimit(HISTORY)
                .withNewSelector()
                .withMatchLabels(PoolNames.selector(pool))
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(0))
                .withMaxSurge(new IntOrString("25%"))
                .endRollingUpdate()
                .endStrategy()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    static int replicas(AgentPool pool) {
        return pool.getSpec().replicas() == null ? 1 : pool.getSpec().replicas();
    }

    /** Nodes are emptied one runtime at a time: each hands its missions back, so that none is lost, but all pause. */
    private static PodDisruptionBudget disruptionBudget(AgentPool pool) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(PoolNames.metadata(pool))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(PoolNames.selector(pool))
                .endSelector()
                .endSpec()
                .build();
    }

    /** Out to the gateway's pods and DNS alone; in for health and metrics alone. */
    private NetworkPolicy networkPolicy(AgentPool pool) {
        return new NetworkPolicyBuilder()
                .withMetadata(PoolNames.metadata(pool))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(PoolNames.selector(pool))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .addNewIngress()
                .withPorts(port("TCP", RuntimePod.HTTP_PORT))
                .endIngress()
                .withEgress(toGateway(), toDns())
                .endSpec()
                .build();
    }

    private NetworkPolicyEgressRule toGateway() {
        return to(
                settings.namespace(),
                Map.of("app.kubernetes.io/name", "tagma", "app.kubernetes.io/component", "gateway"),
                List.of(port("TCP", GATEWAY_PORT)));
    }

    private static NetworkPolicyEgressRule toDns() {
        return to("kube-system", Map.of("k8s-app", "kube-dns"), List.of(port("UDP", DNS_PORT), port("TCP", DNS_PORT)));
    }

    private static NetworkPolicyEgressRule to(
            String namespace, Map<String, String> labels, List<NetworkPolicyPort> ports) {
        return new NetworkPolicyEgressRuleBuilder()
                .addNewTo()
                .withNewNamespaceSelector()
                .withMatchLabels(Map.of("kubernetes.io/metadata.name", namespace))
                .endNamespaceSelector()
                .withNewPodSelector()
                .withMatchLabels(labels)
                .endPodSelector()
                .endTo()
                .withPorts(ports)
                .build();
    }

    private static NetworkPolicyPort port(String protocol, int number) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(number))
                .build();
    }
}

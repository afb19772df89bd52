package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools on a real API server with its controllers. */
class PoolReconcilerIT {
    private OperatorRig rig;

    @BeforeEach
    void open() {
        rig = new OperatorRig(Cluster.shared().withControllerManager());
        rig.operator();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aPoolBecomesRuntimesAndIsReadyWhenTheyAre() {
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p", "replicas: 2"));
        AgentPool waiting = rig.awaitReason("p", "RollingOut");
        assertThat(OperatorRig.ready(waiting).status()).isEqualTo(Status.False);
        assertThat(OperatorRig.condition(waiting, "Reconciling").status()).isEqualTo(Status.True);

        rig.runPods("p", 2);

        AgentPool ready = rig.awaitReason("p", "Available");
        assertThat(OperatorRig.ready(ready).status()).isEqualTo(Status.True);
        assertThat(ready.getStatus().replicas()).isEqualTo(2);
        assertThat(ready.getStatus().readyReplicas()).isEqualTo(2);
        assertThat(ready.getStatus().revision()).isEqualTo(1);
        assertThat(ready.getStatus().selector())
                .isEqualTo("app.kubernetes.io/component=runtime,app.kubernetes.io/name=tagma,tagma.dev/pool=p");
        assertThat(rig.get(Deployment.class, "p-runtime").getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner ->
                        assertThat(owner.getUid()).isEqualTo(ready.getMetadata().getUid()));
        assertThat(rig.get(ServiceAccount.class, "p-runtime").getAutomountServiceAccountToken())
                .isFalse();
        assertThat(rig.get(Service.class, "p-runtime").getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getName()).isEqualTo("http"));
        assertThat(rig.get(PodDisruptionBudget.class, "p-runtime")).isNotNull();
        assertThat(rig.get(NetworkPolicy.class, "p-runtime").getSpec().getPolicyTypes())
                .containsExactly("Ingress", "Egress");
        assertThat(rig.store.pools().latest(UUID.fromString(ready.getMetadata().getUid())))
                .isPresent();
    }

    @Test
    void whatSomebodyElseChangesComesBackAndWhatIsTheirsStays() {
        Pools.serving(rig, "p");
        rig.cluster
                .kubectl("patch", "deployment", "p-runtime", "-n", rig.namespace, "--type=merge", "-p", """
                        {"metadata":{"annotations":{"team":"carbon"}},
                         "spec":{"replicas":7,"minReadySeconds":3,
                                 "template":{"spec":{"serviceAccountName":"default"}}}}""")
                .ok();
        rig.cluster
                .kubectl("delete", "networkpolicy/p-runtime", "service/p-runtime", "-n", rig.namespace)
                .ok();
        rig.cluster
                .kubectl(
                        "patch",
                        "pdb",
                        "p-runtime",
                        "-n",
                        rig.namespace,
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"maxUnavailable\":5}}")
                .ok();

        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            Deployment deployment = rig.get(Deployment.class, "p-runtime");
            assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
            assertThat(deployment.getSpec().getTemplate().getSpec().getServiceAccountName())
                    .isEqualTo("p-runtime");
            assertThat(deployment.getSpec().getMinReadySeconds()).isEqualTo(3);
            assertThat(deployment.getMetadata().getAnnotations()).containsEntry("team", "carbon");
            assertThat(rig.get(NetworkPolicy.class, "p-runtime")).isNotNull();
            assertThat(rig.get(Service.class, "p-runtime")).isNotNull();
            assertThat(rig.get(PodDisruptionBudget.class, "p-runtime")
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
        });
    }

    @Test
    void aSteadyPoolIsNotWritten() {
        Pools.serving(rig, "p");
        await().during(Duration.ofSeconds(3)).atMost(OperatorRig.PATIENCE).until(versions(), new Same<>());
    }

    private Callable<List<String>> versions() {
        return () -> List.of(
                rig.pool("p").getMetadata().getResourceVersion(),
                rig.get(Deployment.class, "p-runtime").getMetadata().getResourceVersion(),
                rig.get(ServiceAccount.class, "p-runtime").getMetadata().getResourceVersion(),
                rig.get(NetworkPolicy.class, "p-runtime").getMetadata().getResourceVersion());
    }

    /** Holds as long as the value is the first one. */
    private static final class Same<T> implements Predicate<T> {
        private T first;

        @Override
        public boolean test(T value) {
            first = first == null ? value : first;
            return first.equals(value);
        }
    }

    @Test
    void scalingGoesThroughTheScaleSubresource() {
        Pools.serving(rig, "p");
        rig.cluster
                .kubectl("scale", "agentpool/p", "-n", rig.namespace, "--replicas=0")
                .ok();
        AgentPool idle = rig.awaitReason("p", "ScaledToZero");
        assertThat(OperatorRig.ready(idle).status()).isEqualTo(Status.True);
        assertThat(rig.get(Deployment.class, "p-runtime").getSpec().getReplicas())
                .isZero();
    }

    @Test
    void aChangedConfigMapMakesANewRevision() {
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p")
                .replace("instructions: Do.", "instructionsFrom: {configMapKeyRef: {name: words, key: t}}"));
        AgentPool waiting = rig.awaitReason("p", "ConfigMapNotFound");
        assertThat(OperatorRig.ready(waiting).message())
                .isEqualTo("spec.agents[a].instructionsFrom names the ConfigMap key words/t of namespace "
                        + rig.namespace + ", which does not exist");
        assertThat(OperatorRig.condition(waiting, "Reconciling").status()).isEqualTo(Status.True);
        assertThat(revision()).isZero();

        rig.apply(words("Do this."));
        await().atMost(OperatorRig.PATIENCE).until(() -> revision() == 1);
        rig.apply(words("Do that."));
        await().atMost(OperatorRig.PATIENCE).until(() -> revision() == 2);
        assertThat(rig.store.pools().latest(uid("p")).orElseThrow().content()).containsEntry("words/t", "Do that.");
    }

    private int revision() {
        return rig.pool("p").getStatus().revision();
    }

    private static String words(String text) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: words}, data: {t: " + text + "}}";
    }

    private UUID uid(String pool) {
        return UUID.fromString(rig.pool(pool).getMetadata().getUid());
    }

    @Test
    void aProviderThatAppearsIsWaitedFor() {
        rig.apply(Pools.pool("p"));
        AgentPool waiting = rig.awaitReason("p", "ProviderNotFound");
        assertThat(OperatorRig.ready(waiting).message())
                .contains("spec.models[m].providerRef", rig.namespace + "/scripted");
        assertThat(rig.get(Deployment.class, "p-runtime")).isNotNull();
        rig.apply(Pools.PROVIDER);
        rig.runPods("p", 1);
        rig.awaitReason("p", "Available");
        assertThat(rig.events("p")).contains("Warning ReferenceBroken", "Normal Available", "Normal RevisionPublished");
    }

    @Test
    void aTemplateThatAsksForTheHostIsRefusedByName() {
        Pools.serving(rig, "p");
        rig.apply(Pools.pool("p", "runtime: {template: {spec: {hostNetwork: true}}}"));
        AgentPool refused = rig.awaitReason("p", "InvalidTemplate");
        assertThat(OperatorRig.ready(refused).message()).startsWith("spec.runtime.template.spec.hostNetwork: ");
        assertThat(OperatorRig.condition(refused, "Stalled").status()).isEqualTo(Status.True);
        assertThat(rig.get(Deployment.class, "p-runtime")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getHostNetwork())
                .isNull();
    }

    @Test
    void aTemplateThatTheServerRefusesIsNamed() {
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p", "runtime: {template: {spec: {restartPolicy: Never}}}"));
        AgentPool refused = rig.awaitReason("p", "InvalidTemplate");
        assertThat(OperatorRig.ready(refused).message()).contains("restartPolicy");
    }

    @Test
    void aQuotaThatKeepsPodsAwayIsNamed() {
        rig.apply("{apiVersion: v1, kind: ResourceQuota, metadata: {name: none}, spec: {hard: {pods: '0'}}}");
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> rig.cluster
                                .client()
                                .resourceQuotas()
                                .inNamespace(rig.namespace)
                                .withName("none")
                                .get()
                                .getStatus()
                                .getHard()
                        != null);
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p"));
        AgentPool waiting = rig.awaitReason("p", "QuotaExceeded");
        assertThat(OperatorRig.ready(waiting).message()).contains("exceeded quota: none");
    }

    @Test
    void aForeignDeploymentOfTheSameNameIsNotTaken() {
        rig.apply("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: p-runtime}
                spec:
                  replicas: 0
                  selector: {matchLabels: {a: b}}
                  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}
                """);
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p"));
        AgentPool waiting = rig.awaitReason("p", "RollingOut");
        assertThat(OperatorRig.ready(waiting).message()).contains("Deployment p-runtime exists and does not belong");
        rig.cluster
                .kubectl("delete", "deployment", "p-runtime", "-n", rig.namespace)
                .ok();
        rig.runPods("p", 1);
        rig.awaitReason("p", "Available");
    }
}

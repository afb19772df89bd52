package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.UUID;
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
        assertThat(rig.get(PodDisruptionBudget.class, "p-runtime")).isNotNull();
        assertThat(rig.get(NetworkPolicy.class, "p-runtime").getSpec().getPolicyTypes())
                .containsExactly("Ingress", "Egress");
        assertThat(rig.store.pools().latest(UUID.fromString(ready.getMetadata().getUid())))
                .isPresent();
    }
}

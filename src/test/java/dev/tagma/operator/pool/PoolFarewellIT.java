package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Reason;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How pools leave, on a real API server with its controllers. */
class PoolFarewellIT {
    private static final List<Class<? extends HasMetadata>> OWNED = List.of(
            Deployment.class, ServiceAccount.class, Service.class, PodDisruptionBudget.class, NetworkPolicy.class);

    private OperatorRig rig;

    @BeforeEach
    void open() {
        rig = new OperatorRig(Cluster.shared().withControllerManager());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private PoolWork servingPool() {
        Pools.serving(rig, "p");
        return new PoolWork(
                rig.store, UUID.fromString(rig.pool("p").getMetadata().getUid()));
    }

    private void delete() {
        delete("background");
    }

    private void delete(String cascade) {
        rig.cluster
                .kubectl("delete", "agentpool", "p", "-n", rig.namespace, "--wait=false", "--cascade=" + cascade)
                .ok();
    }

    private void awaitMessage(String part) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() ->
                        assertThat(OperatorRig.ready(rig.pool("p")).message()).contains(part));
    }

    private void awaitNothingLeft() {
        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            assertThat(rig.pool("p")).isNull();
            assertThat(OWNED)
                    .allSatisfy(type -> assertThat(rig.get(type, "p-runtime")).isNull());
        });
    }

    @Test
    void aDeletedPoolServesWhatHasStartedAndLetsTheRestGo() {
        rig.operator();
        PoolWork work = servingPool();
        List<Binding> started = work.start(work.runtime("r"), 2);
        UUID fresh = work.queue();

        delete();

        AgentPool draining = rig.awaitReason("p", "Draining");
        assertThat(OperatorRig.condition(draining, "Ready").status()).isEqualTo(Status.False);
        assertThat(OperatorRig.condition(draining, "Reconciling").status()).isEqualTo(Status.True);
        assertThat(OperatorRig.condition(draining, "Stalled").status()).isEqualTo(Status.False);
        awaitMessage("waits for 2 that have started: 2 run, 0 are queued or wait");
        assertThat(rig.events("p")).containsOnlyOnce("Normal Draining");
        assertThat(work.known(fresh)).isFalse();
        assertThat(rig.get(Deployment.class, "p-runtime").getSpec().getReplicas())
                .isEqualTo(1);

        work.finish(started.getFirst());
        awaitMessage("waits for 1 that have started");
        work.finish(started.getLast());
        awaitNothingLeft();
        assertThat(started)
                .allSatisfy(each ->
                        assertThat(work.row(each.claim().uid()).reason()).isEqualTo(Reason.Succeeded));
    }

    @Test
    void aPoolThatServesNothingGoesAtOnce() {
        rig.operator();
        servingPool();
        delete();
        awaitNothingLeft();
    }

    @Test
    void runtimesOfADrainingPoolAreKeptAndScaled() {
        rig.operator();
        PoolWork work = servingPool();
        Binding started = work.start(work.runtime("r"), 1).getFirst();
        delete();
        rig.awaitReason("p", "Draining");

        rig.cluster
                .kubectl("scale", "agentpool/p", "-n", rig.namespace, "--replicas=0")
                .ok();
        awaitMessage("spec.replicas is 0, so that none goes on: set it, or cancel them");
        rig.cluster
                .kubectl("scale", "agentpool/p", "-n", rig.namespace, "--replicas=2")
                .ok();
        rig.cluster
                .kubectl("delete", "networkpolicy", "p-runtime", "-n", rig.namespace)
                .ok();
        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            assertThat(rig.get(NetworkPolicy.class, "p-runtime")).isNotNull();
            assertThat(rig.get(Deployment.class, "p-runtime").getSpec().getReplicas())
                    .isEqualTo(2);
        });

        work.finish(started);
        awaitNothingLeft();
    }

    /** As GitOps tools delete: the API server's own collector takes what a pool owns before the pool itself. */
    @Test
    void aPoolDeletedInTheForegroundStillServesWhatHasStarted() {
        rig.operator();
        PoolWork work = servingPool();
        Binding started = work.start(work.runtime("r"), 1).getFirst();
        String before = rig.get(Deployment.class, "p-runtime").getMetadata().getUid();

        delete("foreground");

        rig.awaitReason("p", "Draining");
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> Optional.ofNullable(rig.get(Deployment.class, "p-runtime"))
                        .filter(each -> !before.equals(each.getMetadata().getUid()))
                        .isPresent());
        String now = rig.get(Deployment.class, "p-runtime").getMetadata().getUid();
        rig.runPods("p", 1);
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> Integer.valueOf(1).equals(rig.pool("p").getStatus().readyReplicas()));
        assertThat(rig.get(Deployment.class, "p-runtime").getMetadata().getUid())
                .isEqualTo(now);

        work.finish(started);
        awaitNothingLeft();
    }

    @Test
    void aNamespaceDeletedAtOnceLeavesNothing() {
        rig.operator(rig.cluster.client(), rig.cluster.newNamespace("home"), () -> {});
        PoolWork work = servingPool();
        Binding started = work.start(work.runtime("r"), 1).getFirst();
        UUID fresh = work.queue();

        rig.cluster
                .kubectl("delete", "namespace", rig.namespace, "--wait=false")
                .ok();

        await().atMost(OperatorRig.PATIENCE.multipliedBy(2))
                .until(() -> rig.cluster
                                .client()
                                .namespaces()
                                .withName(rig.namespace)
                                .get()
                        == null);
        MissionRecord ended = work.row(started.claim().uid());
        assertThat(ended.reason()).isEqualTo(Reason.RunLost);
        assertThat(ended.message()).endsWith("AgentPool " + rig.namespace + "/p was deleted with its namespace");
        assertThat(work.known(fresh)).isFalse();
    }

    @Test
    void aPoolOfTheSameNameIsAnother() {
        rig.operator();
        PoolWork work = servingPool();
        Binding started = work.start(work.runtime("r"), 1).getFirst();
        String before = rig.pool("p").getMetadata().getUid();
        delete();
        rig.awaitReason("p", "Draining");
        work.finish(started);
        await().atMost(OperatorRig.PATIENCE).until(() -> rig.pool("p") == null);

        rig.apply(Pools.pool("p"));

        await().atMost(OperatorRig.PATIENCE)
                .until(() -> rig.get(Deployment.class, "p-runtime") != null
                        && rig.get(Deployment.class, "p-runtime")
                                .getMetadata()
                                .getOwnerReferences()
                                .getFirst()
                                .getUid()
                                .equals(rig.pool("p").getMetadata().getUid()));
        rig.runPods("p", 1);
        AgentPool again = rig.awaitReason("p", "Available");
        assertThat(again.getMetadata().getUid()).isNotEqualTo(before);
        assertThat(again.getStatus().revision()).isEqualTo(1);
    }

    @Test
    void aMissionThatNeverStartedOutlivesItsPool() {
        rig.operator();
        servingPool();
        rig.apply("""
                {apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: m},
                 spec: {goal: go, poolRef: {name: p}}}""");
        awaitMission("Queued");

        delete();

        awaitNothingLeft();
        awaitMission("PoolNotFound");
        rig.apply(Pools.pool("p"));
        awaitMission("Queued");
    }

    private void awaitMission(String reason) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(
                        () -> assertThat(rig.get(Mission.class, "m").getStatus().reason())
                                .isEqualTo(reason));
    }
}

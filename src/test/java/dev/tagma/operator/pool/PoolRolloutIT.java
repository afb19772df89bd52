package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.link.Load;
import dev.tagma.operator.OperatorRig;
import dev.tagma.registry.InstanceRegistry.Beat;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pool's status says while its runtimes change: every version of it, as a watcher sees them. */
class PoolRolloutIT {
    private final Queue<AgentPool> versions = new ConcurrentLinkedQueue<>();
    private OperatorRig rig;

    @BeforeEach
    void open() {
        rig = new OperatorRig(Cluster.shared().withControllerManager());
        rig.operator();
        rig.keep(rig.cluster
                .client()
                .resources(AgentPool.class)
                .inNamespace(rig.namespace)
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, AgentPool pool) {
                        versions.add(pool);
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        // with the rig
                    }
                }));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** kstatus: an observed generation is never ahead; of what it says about the present one, exactly one thing is true. */
    private void everyVersionIsTruthful() {
        AgentPool before = null;
        for (AgentPool now : versions) {
            long observed = now.getStatus().observedGeneration();
            assertThat(observed).isLessThanOrEqualTo(now.getMetadata().getGeneration());
            if (now.getStatus().conditions() != null) {
                assertThat(now.getStatus().conditions())
                        .filteredOn(each -> each.status() == Status.True)
                        .as("version %s", now.getMetadata().getResourceVersion())
                        .hasSize(1);
                assertThat(now.getStatus().conditions())
                        .allSatisfy(
                                each -> assertThat(each.observedGeneration()).isEqualTo(observed));
                if (OperatorRig.ready(now).status() == Status.True) {
                    assertThat(now.getStatus().readyReplicas())
                            .isEqualTo(now.getStatus().desiredReplicas());
                }
                timesAreCarried(before, now);
                before = now;
            }
        }
        assertThat(before).isNotNull();
    }

    private static void timesAreCarried(AgentPool before, AgentPool now) {
        if (before == null) {
            return;
        }
        Map<String, Condition> then = before.getStatus().conditions().stream()
                .collect(Collectors.toMap(Condition::type, Function.identity()));
        assertThat(now.getStatus().conditions())
                .filteredOn(each -> then.get(each.type()).status() == each.status())
                .allSatisfy(each -> assertThat(each.lastTransitionTime())
                        .isEqualTo(then.get(each.type()).lastTransitionTime()));
    }

    @Test
    void aRolloutIsReadyOnlyWhenEveryRuntimeIsNew() {
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p", "replicas: 2"));
        rig.runPods("p", 2);
        rig.awaitReason("p", "Available");
        List<String> old = names();

        rig.apply(Pools.pool("p", "replicas: 2", "runtime: {missionsPerPod: 7}"));

        AgentPool rolling = rig.awaitReason("p", "RollingOut");
        assertThat(OperatorRig.condition(rolling, "Reconciling").status()).isEqualTo(Status.True);
        assertThat(OperatorRig.ready(rolling).message()).contains("of 2 runtimes are up to date");
        await().atMost(OperatorRig.PATIENCE).until(() -> {
            rig.runPods("p", 1);
            return "Available".equals(OperatorRig.ready(rig.pool("p")).reason());
        });
        assertThat(names()).hasSize(2).doesNotContainAnyElementsOf(old);
        assertThat(rig.pool("p").getStatus().revision())
                .as("runtimes make no revision")
                .isEqualTo(1);
        everyVersionIsTruthful();
    }

    private List<String> names() {
        return rig.pods("p").stream().map(each -> each.getMetadata().getName()).toList();
    }

    @Test
    void anEditOfAgentsMakesARevisionAndNoRollout() {
        Pools.serving(rig, "p");
        List<String> old = names();
        rig.apply(Pools.pool("p").replace("instructions: Do.", "instructions: Do it."));
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> rig.pool("p").getStatus().revision() == 2);
        rig.awaitReason("p", "Available");
        assertThat(names()).isEqualTo(old);
        everyVersionIsTruthful();
    }

    @Test
    void scaleIsReadAndWrittenAsOfADeployment() {
        Pools.serving(rig, "p");
        Scale scale = scale();
        assertThat(scale.getSpec().getReplicas()).isEqualTo(1);
        assertThat(scale.getStatus().getReplicas()).isEqualTo(1);
        assertThat(rig.cluster
                        .client()
                        .pods()
                        .inNamespace(rig.namespace)
                        .withLabelSelector(scale.getStatus().getSelector())
                        .list()
                        .getItems())
                .hasSize(1);
        rig.cluster
                .kubectl("scale", "agentpool/p", "-n", rig.namespace, "--current-replicas=1", "--replicas=3")
                .ok();
        rig.runPods("p", 3);
        rig.awaitReason("p", "Available");
        await().atMost(OperatorRig.PATIENCE).until(() -> scale().getStatus().getReplicas() == 3);
        everyVersionIsTruthful();
    }

    private Scale scale() {
        return rig.cluster
                .client()
                .resources(AgentPool.class)
                .inNamespace(rig.namespace)
                .withName("p")
                .scale();
    }

    @Test
    void theLoadIsCountedAndTheIdleGoFirst() {
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p", "replicas: 3"));
        List<Pod> pods = rig.runPods("p", 3);
        rig.awaitReason("p", "Available");
        PoolWork work = new PoolWork(
                rig.store, UUID.fromString(rig.pool("p").getMetadata().getUid()));
        List<Binding> held = work.start(work.runtime(name(pods.get(0))), 5);
        work.start(work.runtime(name(pods.get(1))), 1);
        long idle = work.runtime(name(pods.get(2)));
        rig.store
                .instances()
                .heartbeat(List.of(new Beat(idle, false, new Load(300, 700, 1000))), Duration.ofMinutes(10));
        work.queue();

        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            assertThat(rig.pool("p").getStatus().activeMissions()).isEqualTo(6);
            assertThat(rig.pool("p").getStatus().queuedMissions()).isEqualTo(1);
            assertThat(rig.pool("p").getStatus().load().cpuPercent()).isEqualTo(10);
            assertThat(rig.pool("p").getStatus().load().memoryPercent()).isEqualTo(70);
            assertThat(cost(pods.get(0))).isEqualTo("8");
            assertThat(cost(pods.get(1))).isEqualTo("1");
            assertThat(cost(pods.get(2))).isIn("0", null);
        });

        rig.cluster
                .kubectl("scale", "agentpool/p", "-n", rig.namespace, "--replicas=1")
                .ok();
        await().atMost(OperatorRig.PATIENCE).until(() -> names().size() == 1);
        assertThat(names()).containsExactly(name(pods.get(0)));

        held.forEach(work::finish);
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> rig.pool("p").getStatus().activeMissions() == 1);
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    private String cost(Pod pod) {
        Map<String, String> annotations =
                rig.get(Pod.class, name(pod)).getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(DeletionCosts.ANNOTATION);
    }
}

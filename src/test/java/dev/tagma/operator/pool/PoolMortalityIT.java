package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.MortalClients;
import dev.tagma.operator.OperatorProcess;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/**
 * An operator dies before its first write, its second, and so on, until it survives a pool's whole way: from the manifest over a rollout
 * and a load to its end. Whatever was written by then, the next operator brings the pool to the same place.
 */
class PoolMortalityIT {
    private static final List<Class<? extends HasMetadata>> OWNED =
            List.of(Deployment.class, ServiceAccount.class, PodDisruptionBudget.class, NetworkPolicy.class);
    private static final int MOST_WRITES = 80;
    private static final int AT_ONCE = 12;

    /** One pool's way with an operator that dies, and its heir. */
    private static final class Way implements AutoCloseable {
        final OperatorRig rig = new OperatorRig(Cluster.shared().withControllerManager());
        final MortalClients mortal;
        private final String leases = rig.cluster.newNamespace("leases");
        private final OperatorProcess first;
        private OperatorProcess heir;

        Way(int writes) {
            mortal = new MortalClients(writes);
            first = rig.operator(rig.keep(mortal.open(rig.cluster.config())), leases, () -> {});
        }

        /** Waits for what some operator shall have done; where the first is dead, the next takes over. */
        void until(Callable<Boolean> done) {
            patiently().until(() -> {
                if (mortal.dead() && heir == null) {
                    heir = rig.operator(rig.cluster.client(), rig.cluster.newNamespace("leases"), () -> {});
                }
                return done.call();
            });
        }

        private static ConditionFactory patiently() {
            return await().atMost(OperatorRig.PATIENCE.multipliedBy(2)).pollInterval(Duration.ofMillis(50));
        }

        boolean stands(String reason) {
            AgentPool pool = rig.pool("p");
            return reason.equals(OperatorRig.ready(pool).reason())
                    && pool.getMetadata()
                            .getGeneration()
                            .equals(pool.getStatus().observedGeneration());
        }

        void walk() {
            rig.apply(Pools.PROVIDER);
            rig.apply(Pools.pool("p"));
            until(() -> !rig.pods("p").isEmpty());
            String pod = rig.runPods("p", 1).getFirst().getMetadata().getName();
            until(() -> stands("Available"));
            PoolWork work = new PoolWork(
                    rig.store, UUID.fromString(rig.pool("p").getMetadata().getUid()));
            List<Binding> started = work.start(work.runtime(pod), 3);

            rig.apply(Pools.pool("p", "replicas: 2", "runtime: {missionsPerPod: 7}"));

            until(() -> rig.runPods("p", 1).size() == 2 && stands("Available"));
            rig.cluster
                    .kubectl("delete", "agentpool", "p", "-n", rig.namespace, "--wait=false")
                    .ok();
            until(() -> stands("Draining"));
            started.forEach(work::finish);
            until(() -> rig.pool("p") == null);
            until(() -> OWNED.stream().allMatch(type -> rig.get(type, "p-runtime") == null));
        }

        @Override
        public void close() {
            rig.close();
        }
    }

    /** Whether the operator that may write so often died of it. */
    private static boolean dies(int writes) {
        try (Way way = new Way(writes)) {
            way.walk();
            return way.mortal.dead();
        }
    }

    @Test
    void anOperatorThatDiesBetweenTwoWritesIsReplacedWithoutATrace() throws Exception {
        int survivors = 0;
        int writes = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (survivors == 0) {
                List<Callable<Boolean>> ways = IntStream.range(writes, writes + AT_ONCE)
                        .<Callable<Boolean>>mapToObj(each -> () -> dies(each))
                        .toList();
                for (Future<Boolean> died : threads.invokeAll(ways)) {
                    survivors += died.get() ? 0 : 1;
                }
                writes += AT_ONCE;
                assertThat(writes).isLessThan(MOST_WRITES);
            }
        }
        assertThat(writes - survivors).as("writes of a pool's whole way").isGreaterThan(10);
    }
}

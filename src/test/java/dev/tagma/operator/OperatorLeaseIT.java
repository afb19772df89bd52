package dev.tagma.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorHealth.State;
import dev.tagma.operator.pool.Pools;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two operators at once, on a real API server. */
class OperatorLeaseIT {
    private final AtomicInteger lost = new AtomicInteger();
    private final MortalClients clients = new MortalClients(Integer.MAX_VALUE);
    private OperatorRig rig;

    @BeforeEach
    void open() {
        rig = new OperatorRig(Cluster.shared().withControllerManager());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static void awaitState(OperatorProcess operator, State state) {
        await().atMost(OperatorRig.PATIENCE).until(() -> operator.health().state() == state);
    }

    /** Who wrote Events about a pool. */
    private List<String> actors(String pool) {
        return rig.cluster.client().events().v1().events().inNamespace(rig.namespace).list().getItems().stream()
                .filter(each -> pool.equals(each.getRegarding().getName()))
                .map(each -> each.getReportingInstance())
                .distinct()
                .toList();
    }

    @Test
    void oneOfTwoActsAndTheOtherWhenItDies() {
        OperatorProcess first = rig.operator(rig.keep(clients.open(rig.cluster.config())), lost::incrementAndGet);
        awaitState(first, State.Leader);
        OperatorProcess second = rig.operator();
        Pools.serving(rig, "p");
        await().atMost(OperatorRig.PATIENCE).until(() -> !actors("p").isEmpty());
        assertThat(actors("p")).containsExactly("operator-1");
        assertThat(second.health()).isEqualTo(new OperatorHealth(State.Standby, List.of()));
        assertThat(second.health().ready()).isTrue();

        clients.kill();
        rig.apply(Pools.pool("q"));

        rig.runPods("q", 1);
        rig.awaitReason("q", "Available");
        await().atMost(OperatorRig.PATIENCE).until(() -> !actors("q").isEmpty());
        assertThat(actors("q")).containsExactly("operator-2");
        assertThat(second.health().state()).isEqualTo(State.Leader);
        await().atMost(OperatorRig.PATIENCE).until(() -> lost.get() == 1);
        assertThat(first.health().state()).isEqualTo(State.Lost);
        assertThat(first.health().live()).isFalse();
        assertThat(first.health().ready()).isFalse();
    }

    @Test
    void whoStopsInOrderHandsOverAtOnce() {
        Duration lease = Duration.ofMinutes(10);
        OperatorProcess first = rig.operator(rig.cluster.client(), rig.namespace, lease, lost::incrementAndGet);
        awaitState(first, State.Leader);
        OperatorProcess second = rig.operator(rig.cluster.client(), rig.namespace, lease, () -> {});

        first.close();

        awaitState(second, State.Leader);
        assertThat(first.health().state()).isEqualTo(State.Stopped);
        assertThat(lost).hasValue(0);
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p"));
        rig.awaitReason("p", "RollingOut");
    }

    @Test
    void aStandbyThatStopsTakesNothingWithIt() {
        OperatorProcess first = rig.operator();
        awaitState(first, State.Leader);
        OperatorProcess second = rig.operator(rig.cluster.client(), lost::incrementAndGet);
        second.close();
        Pools.serving(rig, "p");
        assertThat(first.health().state()).isEqualTo(State.Leader);
        assertThat(second.health().state()).isEqualTo(State.Stopped);
        assertThat(lost).hasValue(0);
    }
}

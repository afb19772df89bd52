package dev.tagma.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorHealth.State;
import dev.tagma.operator.pool.Pools;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server in trouble, and what an operator does and says of itself meanwhile. */
class OperatorTroubleIT {
    private static final Duration LONG_LEASE = Duration.ofMinutes(5);
    private static Cluster cluster;

    private final AtomicInteger lost = new AtomicInteger();
    private OperatorRig rig;

    @BeforeAll
    static void start() {
        cluster = Cluster.own();
        cluster.applyCrds();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open() {
        rig = new OperatorRig(cluster);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private OperatorProcess operator(Duration lease) {
        OperatorProcess operator = rig.operator(rig.cluster.client(), rig.namespace, lease, lost::incrementAndGet);
        await().atMost(OperatorRig.PATIENCE).until(() -> operator.health().state() == State.Leader);
        return operator;
    }

    @Test
    void anApiServerAwayFor20SecondsCostsNothingButTime() {
        OperatorProcess operator = operator(LONG_LEASE);
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p"));
        rig.apply(Pools.pool("q"));
        rig.awaitReason("p", "RollingOut");
        rig.awaitReason("q", "RollingOut");
        cluster.killApiServer();
        try {
            await().atMost(OperatorRig.PATIENCE).until(() -> !operator.health().ready());
            assertThat(operator.health().troubled()).contains(OperatorHealth.API_SERVER);
            await().during(Duration.ofSeconds(20))
                    .atMost(OperatorRig.PATIENCE.multipliedBy(2))
                    .until(() -> operator.health().live() && !operator.health().ready());
        } finally {
            cluster.startApiServer();
        }
        rig.apply(Pools.pool("p", "replicas: 2"));
        rig.cluster
                .kubectl("delete", "deployment", "q-runtime", "-n", rig.namespace, "--wait=false", "--ignore-not-found")
                .ok();

        await().atMost(OperatorRig.PATIENCE.multipliedBy(2)).untilAsserted(() -> {
            assertThat(operator.health()).isEqualTo(new OperatorHealth(State.Leader, List.of()));
            assertThat(rig.get(Deployment.class, "p-runtime").getSpec().getReplicas())
                    .isEqualTo(2);
            assertThat(rig.pool("p").getStatus().desiredReplicas()).isEqualTo(2);
            assertThat(rig.get(Deployment.class, "q-runtime")).isNotNull();
        });
        assertThat(lost).hasValue(0);
    }

    @Test
    void whoCannotRenewItsLeaseGivesUpAndItsSuccessorGoesOn() {
        OperatorProcess operator = operator(Duration.ofSeconds(3));
        rig.apply(Pools.PROVIDER);
        rig.apply(Pools.pool("p"));
        rig.awaitReason("p", "RollingOut");

        cluster.pauseApiServer();
        try {
            await().atMost(Duration.ofSeconds(25)).until(() -> lost.get() > 0);
            assertThat(operator.health().state()).isEqualTo(State.Lost);
            assertThat(operator.health().live()).isFalse();
        } finally {
            cluster.resumeApiServer();
        }

        OperatorProcess successor = rig.operator();
        rig.cluster
                .kubectl("scale", "agentpool/p", "-n", rig.namespace, "--replicas=5")
                .ok();
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> rig.get(Deployment.class, "p-runtime").getSpec().getReplicas() == 5
                        && rig.pool("p").getStatus().desiredReplicas() == 5);
        assertThat(successor.health().state()).isEqualTo(State.Leader);
        assertThat(lost).hasValue(1);
        assertThat(operator.health().state()).isEqualTo(State.Lost);
    }

    @Test
    void anOperatorStopsWithoutAnApiServer() {
        OperatorProcess operator = operator(LONG_LEASE);
        cluster.pauseApiServer();
        try {
            long before = System.nanoTime();
            operator.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        } finally {
            cluster.resumeApiServer();
        }
        assertThat(operator.health()).isEqualTo(new OperatorHealth(State.Stopped, List.of()));
        assertThat(lost).hasValue(0);
    }

    @Test
    void anOperatorThatComesBeforeItsKindsWaitsForThem() throws Exception {
        cluster.kubectl("delete", "crd", "modelproviders.tagma.dev", "--timeout=60s")
                .ok();
        CompletableFuture<OperatorProcess> started;
        try {
            started = CompletableFuture.supplyAsync(() -> operator(LONG_LEASE));
            assertThat(started.isDone()).isFalse();
        } finally {
            cluster.applyCrds();
        }
        assertThat(started.get(OperatorRig.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .health()
                        .troubled())
                .isEmpty();
        assertThat(lost).hasValue(0);
    }

    @Test
    void aKindThatGoesAndComesBackIsWatchedAgain() {
        OperatorProcess operator = operator(LONG_LEASE);
        cluster.kubectl("delete", "crd", "modelproviders.tagma.dev", "--timeout=60s")
                .ok();
        try {
            await().atMost(OperatorRig.PATIENCE)
                    .until(() -> operator.health().troubled().contains("ModelProvider"));
            assertThat(operator.health().ready()).isFalse();
        } finally {
            cluster.applyCrds();
        }
        await().atMost(OperatorRig.PATIENCE.multipliedBy(2))
                .until(() -> operator.health().ready());
        rig.apply(Pools.PROVIDER);
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> !rig.get(ModelProvider.class, "scripted")
                        .getStatus()
                        .observedGeneration()
                        .equals(-1L));
        assertThat(lost).hasValue(0);
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.app.LoopbackWire;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Command;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.operator.OperatorHealth.State;
import dev.tagma.operator.OperatorProcess;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Missions while the API server is away, hangs, or has forgotten where a watch was. */
class MissionOutageIT {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static Cluster cluster;
    private final MissionRig rig = new MissionRig(cluster);

    /** Without its cache, the API server knows no more of the past than etcd, which it has forget all after two seconds. */
    @BeforeAll
    static void start() {
        cluster = Cluster.own("--watch-cache=false", "--etcd-compaction-interval=2s");
        cluster.applyCrds();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** Its lease lasts for 15 s: the operator ends, and the one that is started in its place catches up. */
    @Test
    void apiServerAway20sMissionsGoOnAndTheirStatusesFollow() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        OperatorProcess before = rig.process(cluster.client(), LEASE, lost::countDown);
        UUID pool = rig.declaredPool(100);
        rig.mission("m");
        Binding running = rig.bind(pool);
        rig.awaitReason("m", "Running");
        long away = System.nanoTime();
        cluster.killApiServer();
        rig.finish(running, Outcome.succeeded("done meanwhile", null));
        assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(before.health().live()).isFalse();
        await().atMost(MissionRig.PATIENCE)
                .until(() -> System.nanoTime() - away >= Duration.ofSeconds(20).toNanos());
        cluster.startApiServer();
        rig.process(cluster.client(), LEASE, () -> {});
        rig.awaitCondition("m", "Ready");
        assertThat(rig.get("m").getStatus().result().summary()).isEqualTo("done meanwhile");
        rig.mission("next");
        rig.bind(pool);
        rig.awaitReason("next", "Running");
        assertThat(rig.events("m")).doesNotContain("Warning MissionFailed");
    }

    @Test
    void aPauseOfTheApiServerEndsNoOperator() {
        OperatorProcess process = rig.process(cluster.client(), LEASE, () -> {});
        UUID pool = rig.declaredPool(100);
        rig.mission("m");
        Binding running = rig.bind(pool);
        rig.awaitReason("m", "Running");
        long paused = System.nanoTime();
        cluster.pauseApiServer();
        try {
            rig.finish(running, Outcome.succeeded("done meanwhile", null));
            await().until(() ->
                    System.nanoTime() - paused >= Duration.ofSeconds(3).toNanos());
        } finally {
            cluster.resumeApiServer();
        }
        rig.awaitCondition("m", "Ready");
        assertThat(process.health().state()).isEqualTo(State.Leader);
    }

    @Test
    void anExpiredWatchIsListedAgainAndNothingIsMissed() {
        CountedLists counted = new CountedLists();
        URI server = URI.create(cluster.config().getMasterUrl());
        LoopbackWire wire = rig.keep(new LoopbackWire(server.getPort()));
        Config config = new ConfigBuilder(cluster.config())
                .withMasterUrl("https://" + wire.address())
                .withWatchReconnectInterval(100)
                .build();
        UUID pool = rig.pool(100);
        rig.operator(
                rig.parts(rig.keep(counted.open(config)), rig.store, rig.store.missions()), InstantSource.system());
        Mission deleted = rig.mission("deleted");
        rig.bind(pool);
        rig.awaitReason("deleted", "Running");
        rig.mission("edited");
        rig.bind(pool);
        rig.awaitReason("edited", "Running");
        assertThat(counted.lists.get()).isEqualTo(1);

        wire.stall();
        String version = rig.get("edited").getMetadata().getResourceVersion();
        rig.delete("deleted");
        rig.patch("edited", "{\"cancel\":true}");
        rig.mission("created");
        await().atMost(MissionRig.PATIENCE).until(() -> isExpired(version));
        wire.jolt();
        wire.flow();

        rig.awaitReason("edited", "CancelRequested");
        await().atMost(MissionRig.PATIENCE)
                .until(() -> rig.store
                                .missions()
                                .find(RunIdentity.own(deleted))
                                .orElseThrow()
                                .phase()
                        == Phase.Cancelled);
        rig.bind(pool);
        rig.awaitReason("created", "Running");
        assertThat(counted.lists.get()).isBetween(2, 4);
    }

    private boolean isExpired(String version) {
        Command.Result watch = cluster.kubectl(
                "get",
                "--raw",
                "/apis/tagma.dev/v1alpha1/namespaces/" + rig.namespace
                        + "/missions?watch=1&timeoutSeconds=1&resourceVersion=" + version);
        return (watch.out() + watch.err()).contains("too old");
    }
}

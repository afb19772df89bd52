package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.bench.ApiServerFigures;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.Hints;
import dev.tagma.mission.LocalHints;
import dev.tagma.mission.Outcome;
import dev.tagma.store.PostgresStore;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/** How fast missions get from a commit into their status, and many at once from the API server into the store. */
public final class MissionBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final MissionRig rig;
    private final UUID pool;
    private final Map<String, Long> running = new ConcurrentHashMap<>();
    private final Map<String, Long> succeeded = new ConcurrentHashMap<>();
    private final Watch watch;

    /** @param notified whether the store tells the operator of commits */
    public MissionBench(Cluster cluster, boolean notified) {
        rig = new MissionRig(cluster);
        pool = rig.pool(1_000_000);
        PostgresStore operators = rig.keep(PostgresStore.open(rig.database));
        Hints hints = notified ? operators.hints() : new LocalHints();
        rig.operator(rig.parts(cluster.client(), operators, operators.missions(), hints), InstantSource.system());
        watch = cluster.client()
                .resources(Mission.class)
                .inNamespace(rig.namespace)
                .watch(new Seen());
    }

    private final class Seen implements Watcher<Mission> {
        @Override
        public void eventReceived(Action action, Mission mission) {
            String reason = mission.getStatus().reason();
            String name = mission.getMetadata().getName();
            if ("Running".equals(reason)) {
                running.putIfAbsent(name, System.nanoTime());
            } else if ("Succeeded".equals(reason)) {
                succeeded.putIfAbsent(name, System.nanoTime());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            // whoever waits for an event fails by its deadline
        }
    }

    /** From the commit of a mission's last reply until a watch of the API server shows it in the status, one by one; sorted nanoseconds. */
    public long[] commitToStatusNanos(String prefix, int count) {
        long[] taken = new long[count];
        for (int i = 0; i < count; i++) {
            String name = prefix + i;
            create(name);
            Binding binding = rig.bind(pool);
            await(running, name);
            rig.finish(binding, Outcome.succeeded("done", null));
            long committed = System.nanoTime();
            await(succeeded, name);
            taken[i] = succeeded.get(name) - committed;
        }
        Arrays.sort(taken);
        return taken;
    }

    private static void await(Map<String, Long> seen, String name) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> seen.containsKey(name));
    }

    private void create(String name) {
        rig.cluster
                .client()
                .resource(ApiServerFigures.mission(rig.namespace, name, "Say the word."))
                .create();
    }

    /**
     * Many missions at once.
     *
     * @param createNanos until the last was created
     * @param rowNanos until the last had its row
     */
    public record Flood(long createNanos, long rowNanos) {}

    /** Creates missions as fast as the API server takes them, and waits until each has its row. */
    public Flood flood(String prefix, int count) throws Exception {
        int before = rig.store.poolMissions().count(pool).all();
        long begun = System.nanoTime();
        ApiServerFigures.inParallel(count, i -> create(prefix + i));
        long created = System.nanoTime();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rig.store.poolMissions().count(pool).all() == before + count);
        return new Flood(created - begun, System.nanoTime() - begun);
    }

    @Override
    public void close() throws Exception {
        watch.close();
        rig.close();
    }
}

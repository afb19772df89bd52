package dev.tagma.app.role;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.bench.ApiServerFigures;
import dev.tagma.bench.FirstCalls;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The three roles as processes, on a real API server, with one runtime pod and a model that answers at once. */
public final class ClusterBench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String NAMESPACE = "bench";
    private static final String POOL = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: bench}
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: instant, namespace: bench}
            spec: {type: OpenAI, endpoint: "%s"}
            ---
            apiVersion: tagma.dev/v1alpha1
            kind: AgentPool
            metadata: {name: default, namespace: bench}
            spec:
              replicas: 1
              models: [{name: primary, providerRef: {name: instant}, model: bench}]
              agents: [{name: clerk, instructions: Say the word., models: [primary]}]
            """;

    private final FirstCalls model = new FirstCalls();
    private final Cluster cluster = Cluster.own();
    private final ThreeRoles roles;
    private int number;

    /** Starts them with so many operators and gateways, and returns when the pool's runtime is ready. */
    public ClusterBench(Path directory, int replicas) throws IOException {
        roles = new ThreeRoles(cluster, TestPostgres.shared(), Files.createDirectories(directory), replicas);
        roles.awaitReady();
        cluster.kubectlWithInput(POOL.formatted(model.endpoint()), "apply", "--server-side", "-f", "-")
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "agentpool/default", "-n", NAMESPACE, "--timeout=120s")
                .ok();
    }

    public Cluster cluster() {
        return cluster;
    }

    /** Nanoseconds from the apply of one mission to the first model call made for it, one mission at a time, sorted. */
    public long[] applyToFirstCall(int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            int mine = number++;
            long begun = System.nanoTime();
            apply(mine);
            await(() -> model.firstCall(mine) != null);
            nanos[i] = model.firstCall(mine) - begun;
            await(() -> phase(mine) == MissionStatus.Phase.Succeeded);
        }
        Arrays.sort(nanos);
        return nanos;
    }

    /** Missions per second from the first apply until the last status says Succeeded. */
    public double missionsPerSecond(int count) throws Exception {
        CountDownLatch left = new CountDownLatch(count);
        Set<String> done = ConcurrentHashMap.newKeySet();
        try (SharedIndexInformer<Mission> _ = client().resources(Mission.class)
                .inNamespace(NAMESPACE)
                .withLabel("round", Integer.toString(number))
                .withField("status.phase", MissionStatus.Phase.Succeeded.name())
                .inform(new Ends(done, left))) {
            long begun = System.nanoTime();
            int from = number;
            number += count;
            ApiServerFigures.inParallel(
                    count, i -> client().resource(mission(from + i, from)).create());
            if (!left.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(left.getCount() + " of " + count + " missions have not succeeded");
            }
            return count / ((System.nanoTime() - begun) / 1e9);
        }
    }

    /**
     * Nanoseconds from the SIGKILL of the gateway that dispatches, just after it has bound a mission, to the first model call of the next
     * one.
     */
    public long takeoverNanos() {
        roles.awaitReady();
        int before = number++;
        apply(before);
        await(() -> model.firstCall(before) != null);
        ThreeRoles.Replica holder = dispatching();
        int mine = number++;
        long begun = System.nanoTime();
        holder.killAndStart();
        apply(mine);
        await(() -> model.firstCall(mine) != null);
        return model.firstCall(mine) - begun;
    }

    private ThreeRoles.Replica dispatching() {
        String holder = roles.dispatchHolder();
        return roles.gateways().stream()
                .filter(each -> holder.startsWith(each.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(holder + " holds the dispatch lease"));
    }

    /**
     * What a process of a role costs as the tests start it.
     *
     * @param startNanos from its start until it is ready
     * @param idleBytes resident then
     */
    public record Cost(RoleName role, long startNanos, long idleBytes) {}

    /** The costs of each role, by killing its process and starting it again. */
    public List<Cost> costs() {
        ThreeRoles.Replica operator = roles.operators().getFirst();
        ThreeRoles.Replica gateway = roles.gateways().getFirst();
        FakePod runtime = roles.node().pods().getFirst();
        return List.of(
                cost(RoleName.operator, operator::killAndStart, operator::process),
                cost(RoleName.gateway, gateway::killAndStart, gateway::process),
                cost(RoleName.runtime, () -> runtime.process().kill(), runtime::process));
    }

    private static Cost cost(RoleName role, Runnable restart, Supplier<RoleProcess> process) {
        RoleProcess before = process.get();
        restart.run();
        await(() -> process.get() != before);
        long begun = System.nanoTime();
        await(() -> process.get().ready());
        return new Cost(role, System.nanoTime() - begun, process.get().residentBytes());
    }

    /**
     * Memory of the operator.
     *
     * @param residentBytes as /proc says
     * @param liveBytes of its heap, right after a full collection
     */
    public record Memory(long residentBytes, long liveBytes) {}

    /** That of the one operator. */
    public Memory operatorMemory() throws IOException {
        RoleProcess process = roles.operators().getFirst().process();
        return new Memory(process.residentBytes(), process.liveBytes());
    }

    private void apply(int mission) {
        client().resource(mission(mission, mission))
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("bench")
                        .build());
    }

    private MissionStatus.Phase phase(int mission) {
        Mission now = client().resources(Mission.class)
                .inNamespace(NAMESPACE)
                .withName("m-" + mission)
                .get();
        return now.getStatus() == null ? null : now.getStatus().phase();
    }

    private static Mission mission(int number, int round) {
        Mission mission = ApiServerFigures.mission(NAMESPACE, "m-" + number, FirstCalls.goal(number));
        mission.setMetadata(new ObjectMetaBuilder(mission.getMetadata())
                .addToLabels("round", Integer.toString(round))
                .build());
        return mission;
    }

    private KubernetesClient client() {
        return cluster.client();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + PATIENCE);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private record Ends(Set<String> done, CountDownLatch left) implements ResourceEventHandler<Mission> {
        @Override
        public void onAdd(Mission mission) {
            seen(mission);
        }

        @Override
        public void onUpdate(Mission before, Mission mission) {
            seen(mission);
        }

        @Override
        public void onDelete(Mission mission, boolean stateUnknown) {}

        private void seen(Mission mission) {
            boolean succeeded =
                    mission.getStatus() != null && mission.getStatus().phase() == MissionStatus.Phase.Succeeded;
            if (succeeded && done.add(mission.getMetadata().getName())) {
                left.countDown();
            }
        }
    }

    @Override
    public void close() {
        roles.close();
        cluster.close();
        model.close();
    }
}

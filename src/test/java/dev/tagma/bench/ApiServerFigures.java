package dev.tagma.bench;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** What the API server and the operator SDK give by themselves: the peers of Tagma's figures on a cluster. */
public final class ApiServerFigures {
    /** Requests in flight, as many as a busy kubectl or pipeline keeps. */
    static final int SENDERS = 16;

    private static final String ENDED = """
            {"status": {"phase": "Succeeded", "reason": "Succeeded", "observedGeneration": 1,
              "pool": {"namespace": "bench", "name": "default", "uid": "7a4c0d7a-6a3c-4ad5-8b2e-0a4d4a4b4c4d", "revision": 1},
              "usage": {"iterations": 1, "modelCalls": 1, "toolCalls": 0, "tokens": {"input": 11, "output": 7}, "cost": "0"},
              "conditions": [{"type": "Ready", "status": "True", "reason": "Succeeded", "message": "reached its goal",
                "observedGeneration": 1, "lastTransitionTime": "2026-01-02T03:04:05Z"}]}}""";

    private final KubernetesClient client;

    ApiServerFigures(Cluster cluster) {
        this.client = cluster.client();
    }

    /** Missions created per second where nobody reads them. */
    double creates(String namespace, int count) throws Exception {
        long begun = System.nanoTime();
        create(namespace, count);
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    void create(String namespace, int count) throws Exception {
        inParallel(
                count,
                i -> client.resource(mission(namespace, "m-" + i, "Say the word."))
                        .create());
    }

    /** Missions per second that get all the writes that one of Tagma's costs at least, from a client that does nothing else. */
    double written(String namespace, int count) throws Exception {
        PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);
        long begun = System.nanoTime();
        inParallel(count, i -> {
            Mission created = client.resource(mission(namespace, "m-" + i, "Say the word."))
                    .create();
            Mission marked = client.resource(created)
                    .patch(
                            merge,
                            "{\"metadata\": {\"annotations\": {\"tagma.dev/run-uid\": \"%s\"}}}"
                                    .formatted(created.getMetadata().getUid()));
            client.resource(marked).subresource("status").patch(merge, ENDED);
        });
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    /** Does it so many times, {@link #SENDERS} at a time, and throws what the first one threw that failed. */
    public static void inParallel(int count, IntConsumer request) throws Exception {
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            List<? extends Future<?>> sent = IntStream.range(0, count)
                    .mapToObj(i -> senders.submit(() -> request.accept(i)))
                    .toList();
            for (Future<?> each : sent) {
                each.get();
            }
        }
    }

    /** A mission for the pool {@code default} of its namespace. */
    public static Mission mission(String namespace, String name, String goal) {
        Mission mission = new Mission();
        mission.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        mission.setSpec(new MissionSpec(
                null, null, goal, null, null, null, null, null, null, null, null, null, null, null, null));
        return mission;
    }

    /** Status patches per second of a controller that does nothing else: one for each of the namespace's missions. */
    double bareReconciles(String namespace, int count) throws InterruptedException {
        CountDownLatch patched = new CountDownLatch(count);
        Operator bare = new Operator(overrider -> overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withConcurrentReconciliationThreads(32));
        bare.register(
                new Bare(patched),
                controller -> controller.settingNamespace(namespace).withFieldManager("bare"));
        long begun = System.nanoTime();
        bare.start();
        patched.await();
        double rate = count / ((System.nanoTime() - begun) / 1e9);
        bare.stop();
        return rate;
    }

    /** Writes one status per object. */
    private record Bare(CountDownLatch patched) implements Reconciler<Mission> {
        @Override
        public UpdateControl<Mission> reconcile(Mission mission, Context<Mission> context) {
            Mission patch = new Mission();
            patch.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(mission.getMetadata().getNamespace())
                    .withName(mission.getMetadata().getName())
                    .build());
            patch.setStatus(new MissionStatus(
                    MissionStatus.Phase.Queued,
                    "Queued",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    mission.getMetadata().getGeneration(),
                    null));
            context.getClient()
                    .resource(patch)
                    .subresource("status")
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager("bare")
                            .withForce(true)
                            .build());
            patched.countDown();
            return UpdateControl.noUpdate();
        }
    }
}

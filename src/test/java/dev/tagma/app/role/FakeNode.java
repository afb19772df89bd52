package dev.tagma.app.role;

import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Scheduler, kubelet and network of every pod: gives each runtime pod a process of its own, probes it, restarts it when it dies, and ends
 * it as Kubernetes does, by SIGTERM and, after the grace period, SIGKILL.
 */
final class FakeNode implements AutoCloseable {
    private static final Logger LOG = System.getLogger(FakeNode.class.getName());
    private static final String NAME = "fake-node";

    private final Cluster cluster;
    private final KubernetesClient client;
    private final Path directory;
    private final List<Integer> gateways;
    private final Map<String, FakePod> pods = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SharedIndexInformer<Pod> informer;

    /** Serves the pods of component {@code runtime}; what they dial leads to one of {@code gateways}, ports of loopback. */
    FakeNode(Cluster cluster, Path directory, List<Integer> gateways) {
        this.cluster = cluster;
        this.client = cluster.client();
        this.directory = directory;
        this.gateways = gateways;
        this.informer = client.pods()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/component", "runtime")
                .inform(new Arrivals());
    }

    /** The pods that have a process now. */
    List<FakePod> pods() {
        return pods.values().stream().filter(FakePod::alive).toList();
    }

    /** The pod of this name that has a process. */
    FakePod pod(String name) {
        return pods().stream()
                .filter(pod -> pod.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of pod " + name + " among " + pods()));
    }

    private void arrived(Pod pod) {
        threads.execute(() -> {
            try {
                if (pod.getSpec().getNodeName() == null) {
                    bind(pod);
                }
                FakePod fresh = new FakePod(cluster, pod, directory, gateways);
                if (pods.putIfAbsent(pod.getMetadata().getUid(), fresh) == null) {
                    fresh.run();
                    pods.remove(pod.getMetadata().getUid());
                }
            } catch (KubernetesClientException e) {
                LOG.log(
                        Level.INFO,
                        "pod {0} did not start: {1}",
                        pod.getMetadata().getName(),
                        e.getMessage());
            }
        });
    }

    private void bind(Pod pod) {
        client.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(new BindingBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .endMetadata()
                        .withNewTarget()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(NAME)
                        .endTarget()
                        .build())
                .create();
    }

    @Override
    public void close() {
        informer.close();
        pods.values().forEach(FakePod::close);
        threads.close();
    }

    private final class Arrivals implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            if (pod.getMetadata().getDeletionTimestamp() == null) {
                arrived(pod);
            }
        }

        @Override
        public void onUpdate(Pod before, Pod now) {
            FakePod pod = pods.get(now.getMetadata().getUid());
            if (pod != null && now.getMetadata().getDeletionTimestamp() != null) {
                pod.end(now.getMetadata().getDeletionGracePeriodSeconds());
            }
        }

        @Override
        public void onDelete(Pod pod, boolean stateUnknown) {
            FakePod gone = pods.get(pod.getMetadata().getUid());
            if (gone != null) {
                gone.end(0L);
            }
        }
    }
}

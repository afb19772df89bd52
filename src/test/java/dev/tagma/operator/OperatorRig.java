package dev.tagma.operator;

import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.LocalHints;
import dev.tagma.operator.OperatorSettings.Lease;
import dev.tagma.operator.OperatorSettings.Runtimes;
import dev.tagma.store.memory.InMemoryStore;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A namespace of a real cluster, a store in memory, and operators over both; the kubelet is the test. */
public final class OperatorRig implements AutoCloseable {
    /** How long a test waits for what takes milliseconds where the machine is idle. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int NOT_FOUND = 404;

    public final Cluster cluster;
    public final String namespace;
    public final InMemoryStore store = new InMemoryStore(Instant::now);
    private final Path authority;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger operators = new AtomicInteger();

    public OperatorRig(Cluster cluster) {
        this(cluster, null);
    }

    /** {@code authority} is the file with the certificates by which runtimes check their gateway. */
    public OperatorRig(Cluster cluster, Path authority) {
        this.cluster = cluster;
        this.authority = authority;
        this.namespace = cluster.newNamespace("pool");
    }

    /** An operator of this namespace alone, with a lease of its own namespace. */
    public OperatorProcess operator() {
        return operator(cluster.client(), () -> {});
    }

    public OperatorProcess operator(KubernetesClient client, Runnable lost) {
        return operator(client, namespace, lost);
    }

    /** The lease is in {@code home}. */
    public OperatorProcess operator(KubernetesClient client, String home, Runnable lost) {
        return operator(client, home, Duration.ofSeconds(3), lost);
    }

    /** The lease is in {@code home} and lasts so long, of which its holder takes two thirds. */
    public OperatorProcess operator(KubernetesClient client, String home, Duration lease, Runnable lost) {
        ClusterCatalog catalog = keep(new ClusterCatalog(client, Set.of(namespace), System::nanoTime));
        OperatorProcess process =
                keep(new OperatorProcess(ports(client, catalog), settings(home, lease), Metrics.NOOP, lost));
        process.start();
        return process;
    }

    private OperatorPorts ports(KubernetesClient client, ClusterCatalog catalog) {
        return new OperatorPorts(
                client,
                catalog,
                catalog,
                store.missions(),
                store.pools(),
                store.poolMissions(),
                store.instances(),
                new LocalHints());
    }

    private OperatorSettings settings(String home, Duration duration) {
        Lease lease = new Lease(
                Lease.NAME,
                "operator-" + operators.incrementAndGet(),
                duration,
                duration.multipliedBy(2).dividedBy(3),
                Duration.ofMillis(300));
        return new OperatorSettings(
                home,
                Set.of(namespace),
                new Runtimes("tagma:test", "tagma-gateway.tagma:9443", false, authority),
                lease);
    }

    /** Closed with the rig, last first. */
    public <T extends AutoCloseable> T keep(T resource) {
        open.addFirst(resource);
        return resource;
    }

    /** Applies a manifest in this namespace, as a user does. */
    public void apply(String manifest) {
        cluster.kubectlWithInput(manifest, "apply", "-n", namespace, "-f", "-").ok();
    }

    public <T extends HasMetadata> T get(Class<T> type, String name) {
        return cluster.client()
                .resources(type)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    public AgentPool pool(String name) {
        return get(AgentPool.class, name);
    }

    /** Waits until the pool's Ready condition gives this reason for the present generation. */
    public AgentPool awaitReason(String pool, String reason) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            AgentPool now = pool(pool);
            return now != null
                    && now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration())
                    && reason.equals(ready(now).reason());
        });
        return pool(pool);
    }

    public static Condition ready(AgentPool pool) {
        return condition(pool, "Ready");
    }

    public static Condition condition(AgentPool pool, String type) {
        return pool.getStatus().conditions() == null
                ? new Condition(type, Condition.Status.Unknown, -1L, Instant.EPOCH, "None", "")
                : pool.getStatus().conditions().stream()
                        .filter(each -> each.type().equals(type))
                        .findFirst()
                        .orElseThrow();
    }

    /** Type and reason of the Events about the object of this name. */
    public List<String> events(String name) {
        return cluster.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(each -> name.equals(each.getRegarding().getName()))
                .filter(each -> "tagma.dev/operator".equals(each.getReportingController()))
                .map(each -> each.getType() + " " + each.getReason())
                .toList();
    }

    /** What the kubelet does: waits for so many pods and says that they are ready. */
    public List<Pod> runPods(String pool, int count) {
        await().atMost(PATIENCE).until(() -> pods(pool).size() >= count);
        pods(pool).forEach(this::run);
        return pods(pool);
    }

    public List<Pod> pods(String pool) {
        return cluster
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("tagma.dev/pool", pool)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private void run(Pod pod) {
        String now = Instant.now().toString();
        try {
            cluster.client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(pod.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), """
                            {"status": {"phase": "Running", "startTime": "%s",
                             "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "%s"}]}}""".formatted(now, now));
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("the rig does not close", e);
            }
        }
    }
}

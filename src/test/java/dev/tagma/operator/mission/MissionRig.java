package dev.tagma.operator.mission;

import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.Append;
import dev.tagma.mission.Head;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.link.Hello;
import dev.tagma.operator.Events;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.operator.OperatorProcess;
import dev.tagma.operator.OperatorSettings;
import dev.tagma.operator.OperatorSettings.Lease;
import dev.tagma.operator.OperatorSettings.Runtimes;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import dev.tagma.store.TestPostgres;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Missions of one namespace of a real API server, reconciled with a real Postgres; the test itself is their runtime. */
final class MissionRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String POOL = """
            {apiVersion: tagma.dev/v1alpha1, kind: ModelProvider, metadata: {name: p},
             spec: {type: Scripted, script: {configMapKeyRef: {name: none, key: script}}}}
            ---
            {apiVersion: tagma.dev/v1alpha1, kind: AgentPool, metadata: {name: default},
             spec: {models: [{name: m, providerRef: {name: p}, model: x}], agents: [{name: a, instructions: help, models: [m]}], queue: {maxPending: %d}}}""";

    final Cluster cluster = Cluster.shared();
    final String namespace = cluster.newNamespace("mission");
    final DatabaseSettings database = TestPostgres.shared().fresh();
    final PostgresStore store = PostgresStore.open(database);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(store));
    private final AtomicInteger operators = new AtomicInteger();

    /** An operator that hears what the test's own store says. */
    Operator operator() {
        return operator(store);
    }

    /** The reconciler of missions alone, without a lease. */
    Operator operator(PostgresStore its) {
        MissionReconciler reconciler = new MissionReconciler(
                ports(cluster.client(), its),
                settings(Duration.ofSeconds(15)),
                new Events(cluster.client(), "test", InstantSource.system(), Runnable::run),
                InstantSource.system());
        Operator operator = new Operator(configuration -> configuration
                .withKubernetesClient(cluster.client())
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false));
        operator.<Mission>register(reconciler, controller -> controller.settingNamespace(namespace));
        operator.start();
        reconciler.lead();
        keep(operator::stop);
        return operator;
    }

    /** The whole operator, as its role runs it. */
    OperatorProcess process() {
        return process(cluster.client(), () -> {});
    }

    OperatorProcess process(KubernetesClient client, Runnable lost) {
        OperatorProcess process =
                keep(new OperatorProcess(ports(client, store), settings(Duration.ofSeconds(3)), Metrics.NOOP, lost));
        process.start();
        return process;
    }

    private OperatorPorts ports(KubernetesClient client, PostgresStore its) {
        ClusterCatalog catalog = keep(new ClusterCatalog(client, Set.of(namespace), System::nanoTime));
        return new OperatorPorts(
                client,
                catalog,
                catalog,
                its.missions(),
                its.pools(),
                its.poolMissions(),
                its.instances(),
                its.hints());
    }

    private OperatorSettings settings(Duration lease) {
        return new OperatorSettings(
                namespace,
                Set.of(namespace),
                new Runtimes("tagma:test", "tagma-gateway.tagma:9443", false, null),
                new Lease(
                        Lease.NAME,
                        "operator-" + operators.incrementAndGet(),
                        lease,
                        lease.multipliedBy(2).dividedBy(3),
                        lease.dividedBy(10)));
    }

    <T extends AutoCloseable> T keep(T resource) {
        open.addFirst(resource);
        return resource;
    }

    /** Declares the pool and publishes its revision, as the reconciler of pools does. */
    UUID pool(int maxPending) {
        UUID uid = declaredPool(maxPending);
        AgentPool pool = agentPool();
        store.pools().publish(uid, namespace, "default", pool.getSpec(), Map.of());
        cluster.kubectl(
                        "patch",
                        "agentpool",
                        "default",
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"revision\":1}}")
                .ok();
        return uid;
    }

    /** Declares the pool and its provider. */
    UUID declaredPool(int maxPending) {
        apply(POOL.formatted(maxPending));
        return UUID.fromString(agentPool().getMetadata().getUid());
    }

    AgentPool agentPool() {
        return cluster.client()
                .resources(AgentPool.class)
                .inNamespace(namespace)
                .withName("default")
                .get();
    }

    void apply(String manifest) {
        cluster.kubectlWithInput(manifest, "apply", "-n", namespace, "-f", "-").ok();
    }

    Mission mission(String name) {
        apply("{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: " + name + "}, spec: {goal: go}}");
        return get(name);
    }

    Mission get(String name) {
        return cluster.client()
                .resources(Mission.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    void patch(String name, String spec) {
        cluster.kubectl("patch", "mission", name, "-n", namespace, "--type=merge", "-p", "{\"spec\":" + spec + "}")
                .ok();
    }

    void delete(String name) {
        cluster.kubectl("delete", "mission", name, "-n", namespace).ok();
    }

    void awaitCondition(String name, String condition) {
        cluster.kubectl("wait", "--for=condition=" + condition, "mission/" + name, "-n", namespace, "--timeout=20s")
                .ok();
    }

    MissionStatus awaitReason(String name, String reason) {
        await().alias(name + " gets " + reason)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> reason.equals(get(name).getStatus().reason()));
        return get(name).getStatus();
    }

    /** Type and reason of the Events about the mission. */
    List<String> events(String name) {
        return cluster.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(each -> name.equals(each.getRegarding().getName()))
                .map(each -> each.getType() + " " + each.getReason())
                .toList();
    }

    /** Binds the next queued mission to a runtime of the test. */
    Binding bind(UUID pool) {
        await().atMost(PATIENCE).until(() -> store.poolMissions().count(pool).queued() > 0);
        long instance = store.instances().register(new Hello(pool, "runtime-0", 1, "test"), Duration.ofMinutes(5));
        return store.bindings().bind(instance, 1).getFirst();
    }

    void finish(Binding binding, Outcome outcome) {
        Head genesis = Head.genesis(binding.claim().uid());
        store.steps().commit(new Append(binding.claim(), genesis, List.of(), outcome));
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.Append;
import dev.tagma.mission.Head;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionStore;
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
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
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

    final Cluster cluster;
    final String namespace;
    private final String home;
    private final Set<String> guests = new HashSet<>();
    final DatabaseSettings database = TestPostgres.shared().fresh();
    final PostgresStore store = PostgresStore.open(database);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(store));
    private final AtomicInteger operators = new AtomicInteger();

    MissionRig() {
        this(Cluster.shared());
    }

    MissionRig(Cluster cluster) {
        this.cluster = cluster;
        this.namespace = cluster.newNamespace("mission");
        this.home = cluster.newNamespace("home");
    }

    /** An operator that hears what the test's own store says. */
    Operator operator() {
        return operator(store);
    }

    Operator operator(PostgresStore its) {
        return operator(parts(cluster.client(), its, its.missions()), InstantSource.system());
    }

    /** The reconciler of missions alone, without a lease. */
    Operator operator(OperatorPorts ports, InstantSource clock) {
        MissionReconciler reconciler = new MissionReconciler(
                ports,
                settings(Duration.ofSeconds(15)),
                new Events(ports.client(), "test", clock, Runnable::run),
                clock);
        Operator operator = new Operator(configuration -> configuration
                .withKubernetesClient(ports.client())
                .withCloseClientOnStop(false)
                .withReconciliationTerminationTimeout(Duration.ofMillis(200))
                .checkingCRDAndValidateLocalModel(false));
        operator.<Mission>register(reconciler, controller -> controller.settingNamespace(namespace));
        operator.start();
        reconciler.lead();
        keep(operator::stop);
        return operator;
    }

    /** The whole operator, as its role runs it, with its lease in a namespace that stays. */
    OperatorProcess process() {
        return process(cluster.client(), Duration.ofSeconds(15), () -> {});
    }

    /** The same, which watches a namespace more. */
    OperatorProcess process(String guest) {
        guests.add(guest);
        return process();
    }

    OperatorProcess process(KubernetesClient client, Duration lease, Runnable lost) {
        OperatorProcess process =
                keep(new OperatorProcess(parts(client, store, store.missions()), settings(lease), Metrics.NOOP, lost));
        process.start();
        return process;
    }

    /** What an operator stands on, with {@code missions} in the place of the store's own. */
    OperatorPorts parts(KubernetesClient client, PostgresStore its, MissionStore missions) {
        return parts(client, its, missions, its.hints());
    }

    OperatorPorts parts(KubernetesClient client, PostgresStore its, MissionStore missions, Hints hints) {
        ClusterCatalog catalog = keep(new ClusterCatalog(client, watched(), System::nanoTime));
        return new OperatorPorts(
                client, catalog, catalog, missions, its.pools(), its.poolMissions(), its.instances(), hints);
    }

    private Set<String> watched() {
        Set<String> watched = new HashSet<>(guests);
        watched.add(namespace);
        return watched;
    }

    private OperatorSettings settings(Duration lease) {
        return new OperatorSettings(
                home,
                watched(),
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
        return get(namespace, name);
    }

    /** What the status says for people. */
    String message(String name) {
        return get(name).getStatus().conditions().getFirst().message();
    }

    private Mission get(String namespace, String name) {
        return cluster.client()
                .resources(Mission.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Merges fields into the spec. */
    void patch(String name, String spec) {
        cluster.client()
                .resources(Mission.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    void delete(String name) {
        cluster.client()
                .resources(Mission.class)
                .inNamespace(namespace)
                .withName(name)
                .delete();
    }

    void awaitCondition(String name, String condition) {
        cluster.kubectl("wait", "--for=condition=" + condition, "mission/" + name, "-n", namespace, "--timeout=60s")
                .ok();
    }

    MissionStatus awaitReason(String name, String reason) {
        return awaitReason(namespace, name, reason);
    }

    MissionStatus awaitReason(String namespace, String name, String reason) {
        await().alias(name + " gets " + reason)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> reason.equals(get(namespace, name).getStatus().reason()));
        return get(namespace, name).getStatus();
    }

    /** Type and reason of the Events about the mission. */
    List<String> events(String name) {
        return cluster.client().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(each -> name.equals(each.getRegarding().getName()))
                .map(each -> each.getType() + " " + each.getReason())
                .toList();
    }

    /** Waits until the status speaks of the spec as it is, and gives this reason. */
    MissionStatus awaitCurrent(String name, String reason) {
        await().alias(name + " gets " + reason + " for its present spec")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> {
                    Mission now = get(name);
                    Long generation = now.getMetadata().getGeneration();
                    assertThat(now.getStatus().reason()).isEqualTo(reason);
                    assertThat(now.getStatus().observedGeneration()).isEqualTo(generation);
                    assertThat(now.getStatus().conditions())
                            .isNotEmpty()
                            .allSatisfy(each ->
                                    assertThat(each.observedGeneration()).isEqualTo(generation));
                });
        return get(name).getStatus();
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

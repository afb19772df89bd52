package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.app.Manifests;
import dev.tagma.app.Witness;
import dev.tagma.app.WitnessedRuns;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Reason;
import dev.tagma.store.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A pool in a namespace of its own, whose missions pay and put in each turn, and what the tools outside saw of it: a scenario applies
 * missions, disturbs them, and has the fleet judge that nothing was lost and nothing done twice.
 */
final class Fleet implements AutoCloseable {
    /** What the runtimes of a pool may use here. */
    static final String SMALL =
            "{missionsPerPod: 20, resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 384Mi}}}";

    static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String QUICK = "100ms..200ms";

    /** Until a TCP that had no answer sends again; it doubles its wait each time. */
    private static final Duration RETRANSMISSION = Duration.ofSeconds(30);

    private static final int BEGUN = 2;
    private static final int ALL = 100_000;

    private final String namespace;
    private final Outside outside;
    private final int turns;
    private final String pool;
    private final Set<String> applied = new LinkedHashSet<>();
    private WitnessedRuns.Tally judged;

    /** A pool with so many runtimes, whose missions take so many turns of about a fifth of a second. */
    Fleet(String namespace, Outside outside, int replicas, int turns) {
        this(namespace, outside, replicas, turns, SMALL);
    }

    /** The same with this spec.runtime (YAML in flow style). */
    Fleet(String namespace, Outside outside, int replicas, int turns, String runtime) {
        this(namespace, outside, replicas, turns, runtime, QUICK);
    }

    /** The same with this latency of the model, such as {@code 1s..2s}. */
    Fleet(String namespace, Outside outside, int replicas, int turns, String runtime, String latency) {
        this.namespace = namespace;
        this.outside = outside;
        this.turns = turns;
        this.pool = pool(replicas, runtime, latency);
        Suite.createNamespace(namespace);
        applyPool();
    }

    /** Its pool, anew where it was deleted. */
    void applyPool() {
        Suite.apply(namespace, pool);
        Suite.kubectl("wait", "-n", namespace, "agentpool/default", "--for=condition=Ready", "--timeout=180s")
                .ok();
    }

    private String pool(int replicas, String runtime, String latency) {
        String rules = """
                - when: {turn: 0..%d}
                  latency: %s
                  reply:
                    toolCalls:
                    - {tool: pay, arguments: {turn: "{{turn}}"}}
                    - {tool: put, arguments: {turn: "{{turn}}"}}
                - reply: {text: "done after {{turn}} turns"}
                """.formatted(turns - 1, latency);
        String tools = Manifests.witnessed("pay", outside.tools(), "POST", "sideEffects: NonIdempotent")
                + Manifests.witnessed("put", outside.tools(), "PUT", "sideEffects: Idempotent");
        return Manifests.pool(rules, tools, "pay", "put") + "  replicas: " + replicas + "\n  runtime: " + runtime
                + "\n";
    }

    String namespace() {
        return namespace;
    }

    /** So many missions more. */
    void apply(int missions) {
        StringBuilder manifests = new StringBuilder();
        for (int i = 0; i < missions; i++) {
            String name = "m" + applied.size();
            applied.add(name);
            manifests.append(Manifests.mission(name, "{goal: Pay., maxIterations: 200, timeout: 30m}"));
        }
        Suite.apply(namespace, manifests.toString());
    }

    /** Applies more missions where fewer than so many have not ended. */
    void keepBusy(int missions) {
        int open = applied.size() - ended().size();
        if (open < missions) {
            apply(missions - open);
        }
    }

    /** One of the scenario's own, which is not judged. */
    void apply(String name, String more) {
        Suite.apply(namespace, Manifests.mission(name, "{goal: Pay., maxIterations: 200, timeout: 30m, " + more + "}"));
    }

    /** Returns when so many calls more have been made than there are now. */
    void awaitCalls(int more) {
        int wanted = outside.calls().size() + more;
        Waiting.atMost(PATIENCE, more + " calls more of " + namespace)
                .until(() -> outside.calls().size() >= wanted);
    }

    /** Returns when each of its missions has executed something. */
    void awaitAllUnderWay() {
        awaitUnderWay(uids());
    }

    /** Of all that there are. */
    List<String> uids() {
        return missions().stream().map(each -> each.getMetadata().getUid()).toList();
    }

    /** The UID of a mission, or null. */
    String uid(String mission) {
        Mission found = Suite.client()
                .resources(Mission.class)
                .inNamespace(namespace)
                .withName(mission)
                .get();
        return found == null ? null : found.getMetadata().getUid();
    }

    /** Returns when each of these has executed something. */
    void awaitUnderWay(Collection<String> uids) {
        Waiting.atMost(PATIENCE, "every mission of " + namespace + " to be under way")
                .until(() -> outside.calls().stream()
                        .map(call -> call.key().split("/")[0])
                        .collect(Collectors.groupingBy(uid -> uid, Collectors.counting()))
                        .entrySet()
                        .stream()
                        .filter(each -> each.getValue() > BEGUN)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet())
                        .containsAll(uids));
    }

    /** The calls that these missions made. */
    List<Witness.Call> calls(Collection<String> uids) {
        return outside.calls().stream()
                .filter(call -> uids.contains(call.key().split("/")[0]))
                .toList();
    }

    /** The UIDs of missions that this runtime runs. */
    List<String> runningOn(String pod) {
        return missions().stream()
                .filter(each -> each.getStatus() != null && each.getStatus().phase() == MissionStatus.Phase.Running)
                .filter(each -> pod.equals(each.getStatus().runtime().pod()))
                .map(each -> each.getMetadata().getUid())
                .toList();
    }

    /** The runtime of each mission that has one, by its UID. */
    Map<String, String> owners() {
        return missions().stream()
                .filter(each -> each.getStatus() != null && each.getStatus().runtime() != null)
                .collect(Collectors.toMap(
                        each -> each.getMetadata().getUid(),
                        each -> each.getStatus().runtime().pod()));
    }

    /** Some of these have another runtime than they had: what disturbed them did. */
    void assertMoved(Map<String, String> before) {
        Map<String, String> after = owners();
        assertThat(before.keySet())
                .as("missions of " + namespace + " that went on elsewhere")
                .anyMatch(uid -> !before.get(uid).equals(after.get(uid)));
    }

    /** The UIDs of missions that a runtime on this node runs. */
    List<String> runningOnNode(String node) {
        return Pods.runtimes(namespace).stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .flatMap(pod -> runningOn(Pods.name(pod)).stream())
                .toList();
    }

    /** Returns when a tool was called at or after this moment. */
    void awaitCallsAfter(Instant moment) {
        Waiting.atMost(PATIENCE, "calls of " + namespace + " after " + moment)
                .until(() ->
                        outside.calls().stream().anyMatch(call -> !call.at().isBefore(moment)));
    }

    /** When the last of so many missions that were applied last called a tool for the first time. */
    Instant awaitFirstCallOfNewMissions(int count) {
        Set<String> names = applied.stream().skip(applied.size() - count).collect(Collectors.toSet());
        List<String> uids = missions().stream()
                .filter(each -> names.contains(each.getMetadata().getName()))
                .map(each -> each.getMetadata().getUid())
                .toList();
        Waiting.atMost(PATIENCE, "missions of " + namespace + " to begin")
                .until(() -> firstCalls(uids, Instant.EPOCH).size() == count);
        return firstCalls(uids, Instant.EPOCH).values().stream()
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** No call was in flight when its mission was handed over: nobody had to be told that an outcome is unknown. */
    void assertNothingUnknown() {
        assertThat(judged.unknown())
                .as("payments of " + namespace + " whose outcome is unknown")
                .isZero();
    }

    /**
     * For how many milliseconds each of these missions stood still after a moment: until the first call of a tool that another owner made. A
     * call that the dead one had in flight is not counted: it began before; nor is a mission that ended without another call.
     */
    List<Long> awaitTakeover(List<String> uids, Instant since) {
        Waiting.atMost(PATIENCE, "missions of " + namespace + " to go on").until(() -> {
            Set<String> ended = ended();
            Set<String> called = firstCalls(uids, since).keySet();
            return uids.stream().allMatch(uid -> called.contains(uid) || ended.contains(uid));
        });
        return firstCalls(uids, since).values().stream()
                .map(at -> Duration.between(since, at).toMillis())
                .toList();
    }

    private Set<String> ended() {
        return missions().stream()
                .filter(each -> each.getStatus() != null && each.getStatus().completionTime() != null)
                .map(each -> each.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    private Map<String, Instant> firstCalls(List<String> uids, Instant since) {
        Map<String, Instant> first = new HashMap<>();
        for (Witness.Call call : outside.calls()) {
            String uid = call.key().split("/")[0];
            if (uids.contains(uid) && call.at().isAfter(since)) {
                first.putIfAbsent(uid, call.at());
            }
        }
        return first;
    }

    /** What the store knows of the missions that are judged, and not of those of an earlier namespace of the same name. */
    List<MissionRecord> records(PostgresStore store) {
        Set<String> present = Set.copyOf(uids());
        return store.missions().changes(0, ALL).stream()
                .filter(each -> present.contains(each.uid().toString()) && applied.contains(each.name()))
                .toList();
    }

    int turns() {
        return turns;
    }

    List<Mission> missions() {
        return Suite.client()
                .resources(Mission.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    /** Waits for all missions as a user does, and compares what they say with what the tools saw. */
    void judge() {
        judge(at -> false);
    }

    /** The same after a node was cut off until this moment: what it had sent before comes now. */
    void judgeJoined(Instant joined) {
        judge(at -> at.isAfter(joined) && at.isBefore(joined.plus(RETRANSMISSION)));
    }

    private void judge(Predicate<Instant> delayed) {
        var waited =
                Suite.kubectl("wait", "-n", namespace, "missions", "--all", "--for=condition=Ready", "--timeout=300s");
        assertThat(waited.exit())
                .as(() -> waited.err()
                        + Suite.kubectl("get", "missions,pods", "-n", namespace).out())
                .isZero();
        judged = Tagma.withStore(store -> {
            List<MissionRecord> records = records(store);
            assertThat(records).hasSize(applied.size());
            assertThat(records).allSatisfy(each -> assertThat(each.reason()).isEqualTo(Reason.Succeeded));
            Set<String> uids = new HashSet<>();
            records.forEach(each -> uids.add(each.uid().toString()));
            WitnessedRuns.Tally tally = WitnessedRuns.check(
                    store,
                    records,
                    outside.calls().stream()
                            .filter(call -> uids.contains(call.key().split("/")[0]))
                            .toList(),
                    namespace,
                    delayed);
            assertThat(tally.observations()).isEqualTo(applied.size() * turns * 2);
            return tally;
        });
    }

    /** Deletes the namespace, and waits until it is gone. */
    @Override
    public void close() {
        Suite.deleteNamespace(namespace);
    }
}

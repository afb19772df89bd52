package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.app.Witness;
import dev.tagma.chart.Chart;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is deleted stops and goes, what was not meant stays. */
@Scenarios(number = 8, value = "Deletion")
class DeletionE2E {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(5);
    /** The cluster takes its time to delete what is in it. */
    private static final Duration NAMESPACE_STOPS_WITHIN = Duration.ofSeconds(20);

    private static final Duration GONE_WITHIN = Duration.ofSeconds(90);
    private static final String FOUR_AT_A_TIME =
            "{missionsPerPod: 4, resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 384Mi}}}";
    private static final String OWNED = "deployments,replicasets,pods,serviceaccounts,services,"
            + "poddisruptionbudgets,networkpolicies,configmaps";

    private final Outside outside;

    DeletionE2E(Outside outside) {
        this.outside = outside;
    }

    @AfterAll
    void end() {
        Tagma.installed();
    }

    @Test
    void theTestOfTheReleasePasses() {
        // as NOTES.txt has it; of a test that passes, Helm deletes the pod before it could show its log
        assertThat(Suite.helm("test", Chart.RELEASE, "-n", Tagma.NAMESPACE).ok())
                .containsPattern("Phase: +Succeeded");
        Waiting.atMost(PATIENCE, "what the test made to go")
                .until(() -> Leftovers.inNamespace().stream().noneMatch(name -> name.contains("tagma-test")));
    }

    @Test
    void aMissionDeletedWhileItRunsStopsAndItsDataGoesAsItSays() {
        try (Fleet fleet = new Fleet("e2e-mission-deleted", outside, 1, 80)) {
            fleet.apply(2);
            fleet.apply("kept", "retention: {data: 24h}");
            fleet.apply("brief", "retention: {data: 1s}");
            fleet.awaitAllUnderWay();
            String kept = fleet.uid("kept");
            String brief = fleet.uid("brief");
            Instant deleted = Instant.now();
            Suite.kubectl("delete", "missions/kept", "missions/brief", "-n", fleet.namespace())
                    .ok();
            Tagma.withStore(store -> {
                Waiting.atMost(PATIENCE, "what is stored of a mission to go when its retention is over")
                        .until(() ->
                                store.missions().find(UUID.fromString(brief)).isEmpty());
                MissionRecord row = store.missions().find(UUID.fromString(kept)).orElseThrow();
                assertThat(row.phase()).isEqualTo(Phase.Cancelled);
                assertThat(row.message()).isEqualTo("its Mission was deleted");
                assertThat(store.steps().read(row.id(), 0, 1)).isNotEmpty();
                return row;
            });
            // the others go on for longer than a deleted one may
            fleet.judge();
            assertStopped("a deleted mission", fleet, List.of(kept, brief), deleted, STOPS_WITHIN);
        }
    }

    @Test
    void aDeletedPoolServesWhatHasStartedAndThenAllThatItOwnedGoes() {
        try (Fleet fleet = new Fleet("e2e-pool-deleted", outside, 1, 80, FOUR_AT_A_TIME)) {
            fleet.apply(6);
            Waiting.atMost(PATIENCE, "four missions to run and two to be queued")
                    .until(() -> phases(fleet).equals(Map.of("Running", 4L, "Queued", 2L)));
            fleet.awaitCalls(10);
            Suite.kubectl("delete", "agentpool/default", "-n", fleet.namespace(), "--wait=false")
                    .ok();
            Waiting.atMost(PATIENCE, "the pool to say what it waits for")
                    .until(() -> ready(pool(fleet))
                            .filter(said -> said.reason().equals("Draining")
                                    && said.message().contains("it waits for 4 that have started"))
                            .isPresent());
            Waiting.atMost(PATIENCE, "the pool's Event")
                    .until(() -> Suite.kubectl(
                                            "get",
                                            "events",
                                            "-n",
                                            fleet.namespace(),
                                            "--field-selector=involvedObject.kind=AgentPool,reason=Draining",
                                            "-o",
                                            "name")
                                    .ok()
                                    .lines()
                                    .count()
                            == 1);
            Waiting.atMost(PATIENCE, "the pool to go").until(() -> pool(fleet) == null);
            Waiting.atMost(PATIENCE, "the queued missions to say that they have no pool")
                    .until(() -> phases(fleet).equals(Map.of("Succeeded", 4L, "Pending", 2L)));
            Waiting.atMost(GONE_WITHIN, "all that the pool owned to go")
                    .until(() -> owned(fleet).isEmpty());
            fleet.applyPool();
            fleet.judge();
        }
    }

    @Test
    void aNamespaceDeletedAtOnceLeavesNothing() {
        try (Fleet fleet = new Fleet("e2e-namespace-deleted", outside, 2, 150)) {
            fleet.apply(8);
            fleet.apply("brief", "retention: {data: 1s}");
            fleet.awaitAllUnderWay();
            List<String> uids = fleet.uids();
            UUID brief = UUID.fromString(fleet.uid("brief"));
            UUID pool = UUID.fromString(pool(fleet).getMetadata().getUid());
            Instant deleted = Instant.now();
            Suite.kubectl("delete", "namespace", fleet.namespace(), "--wait=false")
                    .ok();
            Waiting.atMost(GONE_WITHIN, "the namespace to be gone")
                    .until(() -> Suite.client()
                                    .namespaces()
                                    .withName(fleet.namespace())
                                    .get()
                            == null);
            Report.figure(
                    "a namespace with 9 running missions is gone",
                    Report.seconds(Duration.between(deleted, Instant.now())),
                    "≤ " + Report.seconds(GONE_WITHIN));
            Tagma.withStore(store -> {
                Waiting.atMost(PATIENCE, "the store to forget the missions")
                        .until(() -> store.missions().after(0, Integer.MAX_VALUE).stream()
                                .noneMatch(row -> row.namespace().equals(fleet.namespace())));
                Waiting.atMost(PATIENCE, "what is stored of a mission to go when its retention is over")
                        .until(() -> store.missions().find(brief).isEmpty());
                Waiting.atMost(PATIENCE, "the leases of its runtimes to end")
                        .until(() -> store.instances().live(pool).isEmpty());
                assertThat(uids)
                        .as("missions that have not ended")
                        .noneMatch(uid -> store.missions()
                                .find(UUID.fromString(uid))
                                .filter(row -> !row.phase().terminal())
                                .isPresent());
                return pool;
            });
            assertStopped("a mission of a deleted namespace", fleet, uids, deleted, NAMESPACE_STOPS_WITHIN);
        }
    }

    @Test
    void anUninstalledReleaseKeepsMissionsAndAnotherGoesOnWithThem() {
        try (Fleet fleet = new Fleet("e2e-uninstalled", outside, 2, 30, Fleet.SMALL, "800ms..1200ms")) {
            fleet.apply(4);
            fleet.judge();
            List<String> ended = fleet.uids();
            int callsOfEnded = fleet.calls(ended).size();
            Map<String, MissionStatus> statuses = statuses(fleet, ended);
            fleet.apply(16);
            fleet.awaitAllUnderWay();
            List<String> uids = fleet.uids();
            List<String> open =
                    uids.stream().filter(uid -> !ended.contains(uid)).toList();
            List<String> runtimes = uids(Pods.runtimes(fleet.namespace()));
            Instant began = Instant.now();

            Tagma.uninstall().ok();

            awaitNothingLeftButWhatNotesSay();
            int callsOfOpen = fleet.calls(open).size();
            assertThat(fleet.uids()).containsExactlyInAnyOrderElementsOf(uids);
            assertThat(statuses(fleet, ended)).isEqualTo(statuses);
            assertThat(pool(fleet)).isNotNull();
            Waiting.atMost(PATIENCE, "the runtimes to say that they reach no gateway")
                    .until(() -> Pods.runtimes(fleet.namespace()).stream().noneMatch(Readiness::isPodReady));
            assertThat(uids(Pods.runtimes(fleet.namespace()))).containsExactlyInAnyOrderElementsOf(runtimes);

            assertThat(fleet.calls(open)).hasSize(callsOfOpen);

            Instant again = Instant.now();
            Tagma.install().ok();
            Tagma.awaitReady();
            Waiting.atMost(PATIENCE, "missions to go on")
                    .until(() -> fleet.calls(open).stream()
                            .anyMatch(call -> call.at().isAfter(again)));
            Instant first = fleet.calls(open).stream()
                    .map(Witness.Call::at)
                    .filter(at -> at.isAfter(again))
                    .findFirst()
                    .orElseThrow();
            fleet.judge();
            assertThat(fleet.calls(ended)).hasSize(callsOfEnded);
            assertThat(statuses(fleet, ended)).isEqualTo(statuses);
            assertThat(Pods.runtimes(fleet.namespace()))
                    .allSatisfy(pod -> assertThat(Pods.restarts(pod)).isZero());
            Report.figure(
                    "missions go on after `helm install` in the place of an uninstalled release",
                    Report.seconds(Duration.between(again, first)),
                    "≤ 120 s");
            Report.figure("the same, since `helm uninstall`", Report.seconds(Duration.between(began, first)), "-");
        }
    }

    /** That is, beside pools, missions and what belongs to them, which the scenario has in a namespace of its own. */
    private static void awaitNothingLeftButWhatNotesSay() {
        Waiting.atMost(GONE_WITHIN, "what the release made to be gone").untilAsserted(() -> {
            assertThat(Leftovers.inNamespace())
                    .containsExactlyInAnyOrder(
                            "secret/tagma-postgres",
                            "secret/tagma-gateway-tls",
                            "persistentvolumeclaim/data-tagma-postgres-0",
                            "lease.coordination.k8s.io/tagma-operator");
            assertThat(Leftovers.clusterWide())
                    .containsExactlyInAnyOrder(
                            "customresourcedefinition.apiextensions.k8s.io/agentpools.tagma.dev",
                            "customresourcedefinition.apiextensions.k8s.io/missions.tagma.dev",
                            "customresourcedefinition.apiextensions.k8s.io/modelproviders.tagma.dev");
        });
    }

    /** The calls of these that began after a moment came soon after it. */
    private static void assertStopped(
            String what, Fleet fleet, Collection<String> uids, Instant since, Duration within) {
        Duration last = fleet.calls(uids).stream()
                .map(Witness.Call::at)
                .filter(at -> at.isAfter(since))
                .map(at -> Duration.between(since, at))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Report.figure(
                "the last call of " + what + " after its deletion",
                Report.millis(last.toMillis()),
                "≤ " + Report.millis(within.toMillis()));
        assertThat(last).isLessThan(within);
    }

    private static Map<String, Long> phases(Fleet fleet) {
        return fleet.missions().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getStatus() == null
                                ? ""
                                : String.valueOf(each.getStatus().phase()),
                        Collectors.counting()));
    }

    private static Map<String, MissionStatus> statuses(Fleet fleet, List<String> uids) {
        return fleet.missions().stream()
                .filter(each -> uids.contains(each.getMetadata().getUid()))
                .collect(Collectors.toMap(each -> each.getMetadata().getUid(), Mission::getStatus));
    }

    private static AgentPool pool(Fleet fleet) {
        return Suite.client()
                .resources(AgentPool.class)
                .inNamespace(fleet.namespace())
                .withName("default")
                .get();
    }

    private static Optional<Condition> ready(AgentPool pool) {
        return Optional.ofNullable(pool)
                .map(AgentPool::getStatus)
                .flatMap(status -> status.conditions().stream()
                        .filter(each -> each.type().equals("Ready"))
                        .findFirst());
    }

    private static String owned(Fleet fleet) {
        return Suite.kubectl("get", OWNED, "-n", fleet.namespace(), "-l", "tagma.dev/pool=default", "-o", "name")
                .ok();
    }

    private static List<String> uids(List<Pod> pods) {
        return pods.stream().map(pod -> pod.getMetadata().getUid()).toList();
    }
}

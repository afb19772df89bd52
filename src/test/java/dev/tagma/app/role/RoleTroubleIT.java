package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.Manifests;
import dev.tagma.app.Witness;
import dev.tagma.app.WitnessedRuns;
import dev.tagma.kube.Cluster;
import dev.tagma.mission.Digest;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the processes of a cluster, or to what they stand on, while missions run: they reach their end all the same. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleTroubleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int TURNS = 40;
    private static final int MISSIONS = 4;

    private Path directory;
    private Witness witness;
    private Cluster cluster;
    private TestPostgres postgres;
    private ThreeRoles roles;
    private String namespace;

    @BeforeAll
    void start(@TempDir Path place) throws IOException {
        directory = place;
        witness = new Witness(directory.resolve("witness.log"), Duration.ofMillis(50));
        cluster = Cluster.own();
        postgres = TestPostgres.own();
        roles = new ThreeRoles(cluster, postgres, directory, 1);
        roles.awaitReady();
        namespace = cluster.newNamespace("trouble");
        apply(Manifests.payments(witness, TURNS));
        cluster.kubectl("scale", "-n", namespace, "agentpool/default", "--replicas=2")
                .ok();
        awaitRuntimes();
    }

    @AfterAll
    void stop() {
        roles.close();
        postgres.close();
        cluster.close();
        witness.close();
    }

    @Test
    void postgresRestarted() throws IOException {
        begin("restarted");
        postgres.kill();
        ThreeRoles.waiting(PATIENCE)
                .until(() -> !roles.gateways().getFirst().process().ready());
        postgres.start();
        awaitSuccess("restarted");
    }

    @Test
    void apiServerAwayFor20s() throws IOException {
        begin("away");
        RoleProcess gateway = roles.gateways().getFirst().process();
        Instant back = Instant.now().plusSeconds(20);
        cluster.stopApiServer();
        try {
            // they reach their end while nobody can tell Kubernetes
            ThreeRoles.waiting(PATIENCE)
                    .until(() -> missions("away").stream()
                            .allMatch(each -> each.phase().terminal()));
            ThreeRoles.waiting(PATIENCE).until(() -> Instant.now().isAfter(back));
        } finally {
            cluster.startApiServer();
        }
        awaitSuccess("away");
        assertThat(roles.gateways().getFirst().process()).isSameAs(gateway);
        begin("after");
        awaitSuccess("after");
    }

    @Test
    void everythingRestartedAtOnce() throws IOException {
        begin("all");
        cluster.killApiServer();
        postgres.kill();
        roles.all().forEach(each -> each.process().kill());
        roles.node().pods().forEach(each -> each.process().kill());
        roles.restartEnded();
        postgres.start();
        cluster.startApiServer();
        awaitSuccess("all");
    }

    @Test
    void clocksFiveMinutesOff() throws IOException {
        wrong(roles.gateways().getFirst(), Duration.ofMinutes(-5));
        wrong(roles.operators().getFirst(), Duration.ofMinutes(5));
        roles.awaitReady();
        begin("off");
        awaitSuccess("off");
        roles.all().forEach(ThreeRoles.Replica::killAndStart);
        roles.awaitReady();
    }

    @Test
    void sigtermHandsMissionsBack() throws IOException {
        begin("handed");
        FakePod pod = roles.node().pods().getFirst();
        RoleProcess process = pod.process();
        cluster.kubectl("delete", "pod", "-n", namespace, pod.name(), "--wait=false")
                .ok();
        ThreeRoles.waiting(PATIENCE).until(() -> !process.alive());
        assertThat(process.exit()).as(process.printed()).isZero();
        WitnessedRuns.Tally tally = awaitSuccess("handed");
        assertThat(tally.unknown()).isZero();
        assertThat(missions("handed"))
                .allSatisfy(each -> assertThat(each.crashes()).isZero());
        awaitRuntimes();
    }

    @Test
    void sigkillCostsAtMostTheStepInFlight() throws IOException {
        begin("killed");
        roles.node().pods().forEach(each -> each.process().kill());
        List<List<Digest>> before = missions("killed").stream().map(this::chain).toList();
        awaitSuccess("killed");
        List<MissionRecord> after = missions("killed");
        for (int i = 0; i < before.size(); i++) {
            assertThat(chain(after.get(i))).startsWith(before.get(i).toArray(Digest[]::new));
        }
    }

    private void wrong(ThreeRoles.Replica replica, Duration by) {
        replica.process().kill();
        replica.startWith(ShiftedClock.flag(directory, by));
        ThreeRoles.waiting(PATIENCE)
                .until(() ->
                        replica.process().printed().contains("the clock is wrong by " + by.toMinutes() + " minutes"));
    }

    /** Missions of this name are applied, and each has paid once. */
    private void begin(String name) {
        StringBuilder missions = new StringBuilder();
        for (int i = 0; i < MISSIONS; i++) {
            missions.append(Manifests.mission(
                    name + "-" + i, "{goal: Pay., maxIterations: 50, timeout: 4m, startDeadline: 4m}"));
        }
        apply(missions.toString());
        ThreeRoles.waiting(PATIENCE).until(() -> {
            List<MissionRecord> running = missions(name);
            return running.size() == MISSIONS
                    && running.stream().allMatch(each -> steps(each).size() > 2);
        });
    }

    private WitnessedRuns.Tally awaitSuccess(String name) throws IOException {
        try {
            ThreeRoles.waiting(PATIENCE).untilAsserted(() -> {
                roles.restartEnded();
                for (int i = 0; i < MISSIONS; i++) {
                    cluster.kubectl(
                                    "wait",
                                    "-n",
                                    namespace,
                                    "--for=condition=Ready",
                                    "mission/" + name + "-" + i,
                                    "--timeout=1s")
                            .ok();
                }
            });
            ThreeRoles.waiting(PATIENCE)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> missions(name).size() == MISSIONS);
            List<MissionRecord> missions = missions(name);
            List<Witness.Call> calls = witness.calls().stream()
                    .filter(call -> missions.stream()
                            .anyMatch(each -> call.key().startsWith(each.uid().toString())))
                    .toList();
            WitnessedRuns.Tally tally = WitnessedRuns.check(roles.store(), missions, calls, name);
            assertThat(tally.observations()).isEqualTo(MISSIONS * TURNS);
            return tally;
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + roles.printed(), e);
        }
    }

    private void awaitRuntimes() {
        ThreeRoles.waiting(PATIENCE)
                .until(() -> roles.node().pods().stream()
                                .filter(each -> each.process().ready())
                                .count()
                        == 2);
    }

    private List<Step> steps(MissionRecord mission) {
        return roles.store().steps().read(mission.id(), 0, 1_000);
    }

    private List<Digest> chain(MissionRecord mission) {
        return steps(mission).stream().map(Step::digest).toList();
    }

    private List<MissionRecord> missions(String name) {
        return roles.missions().stream()
                .filter(each -> each.name().startsWith(name + "-"))
                .sorted(Comparator.comparing(MissionRecord::name))
                .toList();
    }

    private void apply(String manifest) {
        cluster.kubectlWithInput(manifest, "apply", "-n", namespace, "-f", "-").ok();
    }
}

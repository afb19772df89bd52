package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.dispatch.Bindings.Takeover;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Beat;
import dev.tagma.registry.InstanceRegistry.Instance;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The interleavings of owners, each forced by a transaction that the test holds open. */
class OwnershipRacesIT extends StoreContract {
    private static final Takeover NOTHING = new Takeover(List.of(), 0, 0);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private JdbcStoreFixture jdbc;

    @Override
    StoreFixture open() {
        jdbc = new JdbcStoreFixture();
        return jdbc;
    }

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void bindRacesTakeover() throws Exception {
        UUID mission = admit().uid();
        long instance = register("a", 1);
        try (Connection takeover = jdbc.open()) {
            Sql.update(takeover, "update runtime_instance set lease_until = clock_timestamp() where id = ?", instance);
            assertThat(JdbcTakeover.run(takeover).dead()).containsExactly(instance);
            assertThat(jdbc.after(takeover, () -> store.bindings().bind(instance, 1)))
                    .as("nothing is bound to the dead")
                    .isEmpty();
        }
        assertThat(find(mission).reason()).isEqualTo(Reason.Queued);
    }

    @Test
    void bindingInFlightIsLeftToTheNextTakeover() throws Exception {
        UUID mission = admit().uid();
        long instance = register("a", 1);
        try (Connection binding = jdbc.open()) {
            Claim claim = JdbcBindings.bind(binding, instance, 1).getFirst().claim();
            assertThat(store.bindings().takeOver()).as("it waits for nobody").isEqualTo(NOTHING);
            binding.commit();
            lapse();
            assertThat(store.bindings().takeOver()).isEqualTo(new Takeover(List.of(instance), 1, 0));
            assertThat(find(mission).epoch()).isGreaterThan(claim.epoch());
            assertThat(find(mission).reason()).isEqualTo(Reason.RuntimeLost);
        }
    }

    @Test
    void heartbeatRacesTakeover() throws Exception {
        Claim claim = running().claim();
        long instance = find(claim.uid()).instance();
        List<Beat> beat = List.of(new Beat(instance, false, Load.UNKNOWN));
        lapse();
        try (Connection heartbeat = jdbc.open()) {
            assertThat(JdbcInstanceRegistry.heartbeat(heartbeat, beat, LEASE)).containsExactly(instance);
            assertThat(store.bindings().takeOver())
                    .as("the heartbeat came first")
                    .isEqualTo(NOTHING);
            heartbeat.commit();
            assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
        }
        assertThat(find(claim.uid()).claim()).isEqualTo(claim);
        lapse();
        try (Connection takeover = jdbc.open()) {
            assertThat(JdbcTakeover.run(takeover).dead()).containsExactly(instance);
            assertThat(jdbc.after(takeover, () -> store.instances().heartbeat(beat, LEASE)))
                    .as("the takeover came first")
                    .isEmpty();
        }
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.RuntimeLost);
    }

    @Test
    void oneTakeoverLooksAtATime() throws Exception {
        running();
        lapse();
        try (Connection takeover = jdbc.open()) {
            assertThat(JdbcTakeover.run(takeover).requeued()).isEqualTo(1);
            assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
            takeover.commit();
        }
        assertThat(store.bindings().takeOver()).isEqualTo(NOTHING);
    }

    @Test
    void handBackOvertakesCommit() {
        Claim claim = running().claim();
        Head one = committed(claim, genesis(claim), "one");
        assertThat(store.missions().release(claim, new Release.HandBack())).isTrue();
        assertThat(commit(claim, one, "overtaken")).isInstanceOf(Fenced.class);
        Binding next = bindOne(register("b", 1));
        assertThat(next.lastSeq()).isEqualTo(1);
        committed(next.claim(), one, "two");
        assertThat(store.steps().read(claim.mission(), 0, 10))
                .extracting(Step::seq)
                .containsExactly(1L, 2L);
    }

    @Test
    void handBackWaitsForTheCommitInFlight() throws Exception {
        Claim claim = running().claim();
        Append append = new Append(claim, genesis(claim), List.of(step("one")), null);
        try (Connection commit = jdbc.open()) {
            assertThat(CommitStatement.store(commit, List.of(PendingAppend.of(append, null))))
                    .hasSize(1);
            assertThat(jdbc.after(commit, () -> store.missions().release(claim, new Release.HandBack())))
                    .isTrue();
        }
        assertThat(find(claim.uid()).head()).isEqualTo(append.head());
        assertThat(bindOne(register("b", 1)).lastSeq()).isEqualTo(1);
    }

    @Test
    void takeoverWaitsForNoCommitAndTheSweepCountsItAsProgress() throws Exception {
        Claim claim = running().claim();
        Claim neighbour = running().claim();
        Append append = new Append(claim, genesis(claim), List.of(step("one")), null);
        lapse();
        try (Connection commit = jdbc.open()) {
            assertThat(CommitStatement.store(commit, List.of(PendingAppend.of(append, null))))
                    .hasSize(1);
            Takeover takeover = store.bindings().takeOver();
            assertThat(takeover.dead()).hasSize(2);
            assertThat(takeover.requeued()).isEqualTo(1);
            assertThat(find(neighbour.uid()).reason()).isEqualTo(Reason.RuntimeLost);
            assertThat(store.bindings().sweep().requeued()).isZero();
            commit.commit();
        }
        assertThat(store.bindings().sweep().requeued()).isEqualTo(1);
        assertThat(find(claim.uid()).head()).isEqualTo(append.head());
        assertThat(find(claim.uid()).crashes()).isZero();
    }

    @Test
    void whoComesBackWaitsForNoBindingAndTheSweepTakesItsLossBack() throws Exception {
        UUID mission = admit().uid();
        Hello slow = new Hello(pool, "slow", 1, "test");
        long former = store.instances().register(slow, LEASE);
        bindOne(former);
        lapse();
        store.bindings().takeOver();
        long heir = register("heir", 1);
        try (Connection binding = jdbc.open()) {
            assertThat(JdbcBindings.bind(binding, heir, 1)).hasSize(1);
            store.instances().register(slow.after(former), LEASE);
            assertThat(find(mission).crashes()).isEqualTo(1);
            binding.commit();
        }
        store.bindings().sweep();
        assertThat(find(mission).crashes()).isZero();
        assertThat(find(mission).reason()).isEqualTo(Reason.Running);
    }

    @Test
    void cancelRacesFinish() throws Exception {
        Claim claim = running().claim();
        Append last = new Append(claim, genesis(claim), List.of(step("one")), Outcome.succeeded("done", null));
        try (Connection commit = jdbc.open()) {
            assertThat(CommitStatement.store(commit, List.of(PendingAppend.of(last, null))))
                    .hasSize(1);
            assertThat(jdbc.after(commit, () -> store.missions().cancel(claim.uid(), "too late")))
                    .isFalse();
        }
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void finishTwice() throws Exception {
        Claim claim = running().claim();
        List<Future<CommitResult>> answers = IntStream.range(0, 8)
                .mapToObj(i ->
                        threads.submit(() -> finish(claim, genesis(claim), Outcome.succeeded("answer " + i, null))))
                .toList();
        int committed = 0;
        for (Future<CommitResult> answer : answers) {
            committed += answer.get() instanceof CommitResult.Committed ? 1 : 0;
        }
        assertThat(committed).isEqualTo(1);
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void concurrentAdmissionsStoreOnce() throws Exception {
        List<NewMission> missions =
                IntStream.range(0, 200).mapToObj(i -> mission(Wish.ANY)).toList();
        List<Future<List<MissionRecord>>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<NewMission> mine = i % 2 == 0 ? missions : missions.reversed();
            answers.add(threads.submit(() -> store.missions().admit(mine)));
        }
        Set<Long> ids = new HashSet<>();
        for (Future<List<MissionRecord>> answer : answers) {
            answer.get().forEach(record -> ids.add(record.id()));
        }
        assertThat(ids).hasSize(200);
        assertThat(jdbc.number("select count(*) from mission_spec")).isEqualTo(200);
    }

    @Test
    void twoDispatchersBindOnce() throws Exception {
        store.missions()
                .admit(IntStream.range(0, 300).mapToObj(i -> mission(Wish.ANY)).toList());
        List<Long> instances = List.of(register("a", 60), register("b", 60));
        List<Future<List<Binding>>> rounds = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long instance = instances.get(i % 2);
            rounds.add(threads.submit(() -> store.bindings().bind(instance, 7)));
        }
        Set<UUID> bound = new HashSet<>();
        for (Future<List<Binding>> round : rounds) {
            for (Binding binding : round.get()) {
                assertThat(bound.add(binding.claim().uid())).as("bound once").isTrue();
            }
        }
        assertThat(bound).hasSize(120);
        assertThat(store.instances().live(pool)).extracting(Instance::held).containsExactly(60, 60);
    }

    @Test
    void secondDispatcherCountsWhatTheFirstIsBinding() throws Exception {
        IntStream.range(0, 10).forEach(i -> admit());
        long contested = register("a", 3);
        long other = register("b", 3);
        try (Connection first = jdbc.open()) {
            List<Binding> mine = JdbcBindings.bind(first, contested, 2);
            List<Binding> elsewhere = store.bindings().bind(other, 3);
            assertThat(elsewhere).hasSize(3).doesNotContainAnyElementsOf(mine);
            assertThat(jdbc.after(first, () -> store.bindings().bind(contested, 3)))
                    .hasSize(1);
        }
    }

    @Test
    void runningMissionWithoutALiveInstanceIsSwept() {
        Claim claim = running().claim();
        jdbc.execute("delete from runtime_instance");
        assertThat(store.bindings().sweep().requeued()).isEqualTo(1);
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.RuntimeLost);
        assertThat(find(claim.uid()).epoch()).isGreaterThan(claim.epoch());
        assertThat(store.bindings().sweep().requeued()).isZero();
    }

    @Test
    void longDeadInstancesAreForgotten() {
        store.instances().deregister(register("a", 1));
        store.advance(Duration.ofHours(25));
        store.bindings().sweep();
        assertThat(jdbc.number("select count(*) from runtime_instance")).isZero();
    }

    @Test
    void changeInFlightIsNotJumpedOver() throws Exception {
        UUID slow = admit().uid();
        UUID fast = admit().uid();
        long seen = awaitChanges(0, 2);
        try (Connection change = jdbc.open()) {
            Sql.update(change, "update mission set message = 'slow', version = next_version() where uid = ?", slow);
            store.missions().suspend(fast);
            assertThat(store.missions().changes(seen, 10))
                    .as("a smaller version may still appear")
                    .isEmpty();
            change.commit();
        }
        awaitChanges(seen, 2);
        assertThat(store.missions().changes(seen, 10)).extracting(m -> m.uid()).containsExactly(slow, fast);
    }

    private long awaitChanges(long since, int count) {
        await().until(() -> store.missions().changes(since, 100).size() == count);
        return store.missions().changes(since, 100).getLast().version();
    }

    @Test
    void readerOfChangesMissesNoneOfConcurrentWriters() throws Exception {
        List<UUID> missions =
                IntStream.range(0, 20).mapToObj(i -> admit().uid()).toList();
        List<Future<?>> writers = new ArrayList<>();
        for (UUID mission : missions) {
            writers.add(threads.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    store.missions().suspend(mission);
                    store.missions().resume(mission);
                }
            }));
        }
        Map<UUID, Long> seen = new HashMap<>();
        long version = 0;
        while (writers.stream().anyMatch(writer -> !writer.isDone())) {
            version = read(version, seen);
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        long last = version;
        await().until(() -> read(last, seen)
                == missions.stream().mapToLong(m -> find(m).version()).max().orElseThrow());
        assertThat(missions)
                .allSatisfy(mission ->
                        assertThat(seen.get(mission)).isEqualTo(find(mission).version()));
    }

    private long read(long version, Map<UUID, Long> seen) {
        long last = version;
        for (var record : store.missions().changes(version, 7)) {
            assertThat(record.version()).isGreaterThanOrEqualTo(last);
            seen.put(record.uid(), record.version());
            last = record.version();
        }
        return last;
    }
}

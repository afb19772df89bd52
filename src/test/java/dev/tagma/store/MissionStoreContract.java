package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class MissionStoreContract extends StoreContract {
    @Test
    void admittedMissionIsKeptAsItWasGiven() {
        NewMission given = mission(Wish.ANY.priority(7).namespace("iron"));
        MissionRecord record = store.missions().admit(List.of(given)).getFirst();
        assertThat(record.uid()).isEqualTo(given.uid());
        assertThat(record.namespace()).isEqualTo("iron");
        assertThat(record.name()).isEqualTo(given.name());
        assertThat(record.pool()).isEqualTo(pool);
        assertThat(record.priority()).isEqualTo(7);
        assertThat(record.revision()).isZero();
        assertThat(record.head()).isEqualTo(Head.genesis(given.uid()));
        assertThat(record.usage()).isEqualTo(Usage.NONE);
        assertThat(record.active()).isZero();
        assertThat(record.startedAt()).isNull();
        assertThat(record).isEqualTo(find(given.uid()));
        assertThat(store.missions().spec(given.uid())).contains(given.spec());
    }

    @Test
    void unknownMissionIsNowhere() {
        UUID unknown = UUID.randomUUID();
        assertThat(store.missions().find(unknown)).isEmpty();
        assertThat(store.missions().spec(unknown)).isEmpty();
        assertThat(store.missions().cancel(unknown, "")).isFalse();
        assertThat(store.missions().suspend(unknown)).isFalse();
        assertThat(store.missions().resume(unknown)).isFalse();
        Claim claim = new Claim(4711, unknown, 1);
        assertThat(store.missions().release(claim, new Release.HandBack())).isFalse();
    }

    @Test
    void admittingAgainChangesNothing() {
        NewMission first = mission(Wish.ANY);
        NewMission second = mission(Wish.ANY);
        MissionRecord before = store.missions().admit(List.of(first)).getFirst();
        List<MissionRecord> after = store.missions().admit(List.of(second, first, second));
        assertThat(after).extracting(MissionRecord::uid).containsExactly(second.uid(), first.uid(), second.uid());
        assertThat(after.get(1)).isEqualTo(before);
        assertThat(changes(0, 2)).hasSize(2);
    }

    @Test
    void admittingAnEndedMissionNeverRunsItAgain() {
        NewMission mission = mission(Wish.ANY);
        store.missions().admit(List.of(mission));
        store.missions().cancel(mission.uid(), "");
        assertThat(store.missions().admit(List.of(mission)).getFirst().reason()).isEqualTo(Reason.CancelRequested);
        assertThat(store.bindings().pending()).isEmpty();
    }

    @Test
    void manyAreAdmittedInTheGivenOrder() {
        List<NewMission> many =
                IntStream.range(0, 500).mapToObj(i -> mission(Wish.ANY)).toList();
        List<MissionRecord> records = store.missions().admit(many);
        assertThat(records)
                .extracting(MissionRecord::uid)
                .isEqualTo(many.stream().map(NewMission::uid).toList());
        assertThat(records).extracting(MissionRecord::id).isSorted();
    }

    @Test
    void admittingNoneIsNoTrouble() {
        assertThat(store.missions().admit(List.of())).isEmpty();
    }

    @Test
    void suspendedAtAdmissionWaitsForItsResume() {
        NewMission mission = mission(Wish.ANY, true, false);
        assertThat(store.missions().admit(List.of(mission)).getFirst().reason()).isEqualTo(Reason.Suspended);
        assertThat(store.bindings().pending()).isEmpty();
        assertThat(store.missions().resume(mission.uid())).isTrue();
        assertThat(store.bindings().pending()).containsExactly(pool);
    }

    @Test
    void clockCountsRunningAndWaitingForAProviderOnly() {
        MissionRecord queued = admit();
        store.advance(Duration.ofMinutes(10));
        long instance = register("a", 1);
        Claim claim = bindOne(instance).claim();
        store.advance(Duration.ofSeconds(100));
        store.missions().release(claim, new Release.Park(Reason.ProviderUnavailable, "down", Duration.ofSeconds(1)));
        store.advance(Duration.ofSeconds(20));
        assertActive(queued.uid(), 120);
        store.bindings().sweep();
        store.advance(Duration.ofSeconds(1000));
        assertActive(queued.uid(), 120);
        claim = bindOne(register("b", 1)).claim();
        store.advance(Duration.ofSeconds(3));
        store.missions().release(claim, new Release.Park(Reason.OutcomeUnknown, "?", null));
        store.advance(Duration.ofSeconds(1000));
        assertActive(queued.uid(), 123);
    }

    private void assertActive(UUID uid, long seconds) {
        assertThat(find(uid).active()).isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 2));
    }

    @Test
    void bindingTellsTheTimeLeft() {
        Claim claim = running(Wish.ANY.timeout("5m")).claim();
        store.advance(Duration.ofMinutes(2));
        store.missions().release(claim, new Release.HandBack());
        Duration left = bindOne(register("b", 1)).timeLeft();
        assertThat(left).isBetween(Duration.ofSeconds(178), Duration.ofSeconds(180));
    }

    @Test
    void recordFollowsTheChainAtEachTransition() {
        Claim claim = running().claim();
        Head one = committed(claim, genesis(claim), "one");
        Head two = committed(claim, one, "two");
        store.missions().release(claim, new Release.HandBack());
        MissionRecord record = find(claim.uid());
        assertThat(record.head()).isEqualTo(two);
        assertThat(record.usage()).isEqualTo(new Usage(2, 4, 6, 8, 10, 12));
    }

    @Test
    void lastTenFailoversAreKept() {
        Claim claim = running().claim();
        for (int i = 0; i < 12; i++) {
            Failover failover = new Failover(
                    Instant.parse("2026-01-01T00:00:00.123Z"),
                    Failover.Type.Model,
                    "m" + i,
                    "m\0" + (i + 1),
                    "Timeout");
            assertThat(store.missions().recordFailover(claim, failover)).isTrue();
        }
        List<Failover> kept = find(claim.uid()).failovers();
        assertThat(kept).hasSize(10);
        assertThat(kept.getFirst().from()).isEqualTo("m2");
        assertThat(kept.getLast().from()).isEqualTo("m11");
        assertThat(kept.getLast().time()).isEqualTo(Instant.parse("2026-01-01T00:00:00.123Z"));
    }

    @Test
    void staleOwnerRecordsNoFailover() {
        Claim claim = running().claim();
        store.missions().release(claim, new Release.HandBack());
        Failover failover = new Failover(Instant.EPOCH, Failover.Type.Model, "a", "b", "Timeout");
        assertThat(store.missions().recordFailover(claim, failover)).isFalse();
        assertThat(find(claim.uid()).failovers()).isEmpty();
    }

    @Test
    void messagesOfAnyKindAreKept() {
        UUID uid = admit().uid();
        store.missions().cancel(uid, "it's \"quoted\", ünïcode 🚀");
        assertThat(find(uid).message()).isEqualTo("it's \"quoted\", ünïcode 🚀");
    }

    /** The changes since {@code version}, once there are {@code count}: anything else that the server does may hold them up. */
    private List<MissionRecord> changes(long version, int count) {
        await().pollDelay(Duration.ZERO)
                .until(() -> store.missions().changes(version, 100).size() == count);
        return store.missions().changes(version, 100);
    }

    @Test
    void changesComeInTheirOrder() {
        MissionRecord one = admit();
        MissionRecord two = admit();
        assertThat(changes(0, 2)).extracting(MissionRecord::uid).containsExactly(one.uid(), two.uid());
        store.missions().suspend(one.uid());
        List<MissionRecord> since = changes(two.version(), 1);
        assertThat(since).containsExactly(find(one.uid()));
        assertThat(changes(0, 2)).extracting(MissionRecord::uid).containsExactly(two.uid(), one.uid());
        assertThat(store.missions().changes(since.getFirst().version(), 10)).isEmpty();
    }

    @Test
    void changesAreReadInPages() {
        IntStream.range(0, 10).forEach(i -> admit());
        changes(0, 10);
        List<UUID> seen = new ArrayList<>();
        long version = 0;
        List<MissionRecord> page = store.missions().changes(version, 3);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(3);
            page.forEach(record -> seen.add(record.uid()));
            version = page.getLast().version();
            page = store.missions().changes(version, 3);
        }
        assertThat(seen).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void everyTransitionIsAChange() {
        MissionRecord mission = admit();
        Claim claim = bindOne(register("a", 1)).claim();
        long version = changes(mission.version(), 1).getFirst().version();
        store.missions().recordFailover(claim, new Failover(Instant.EPOCH, Failover.Type.Model, "a", "b", "Timeout"));
        version = changes(version, 1).getFirst().version();
        store.missions().release(claim, new Release.HandBack());
        version = changes(version, 1).getFirst().version();
        claim = bindOne(register("b", 1)).claim();
        version = changes(version, 1).getFirst().version();
        finish(claim, genesis(claim), Outcome.succeeded("done", null));
        assertThat(changes(version, 1).getFirst().reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void aForgottenMissionEndsAndIsNeverAdmittedAgain() {
        NewMission mission = mission(Wish.ANY.retention("1h"));
        store.missions().admit(List.of(mission));
        Claim claim = bindOne(register("a", 1)).claim();
        assertThat(store.missions().forget(List.of(mission.uid()), "deleted")).containsExactly(mission.uid());
        assertThat(find(mission.uid()).reason()).isEqualTo(Reason.CancelRequested);
        assertThat(find(mission.uid()).message()).isEqualTo("deleted");
        assertThat(commit(claim, genesis(claim), "late")).isInstanceOf(CommitResult.Fenced.class);
        assertThat(store.missions().forget(List.of(mission.uid()), "deleted")).isEmpty();
        assertThat(store.missions().admit(List.of(mission))).hasSize(1);
        purgeAfter(Duration.ofHours(1));
        assertThat(store.missions().find(mission.uid())).isEmpty();
        assertThat(store.missions().admit(List.of(mission))).isEmpty();
        assertThat(store.missions().find(mission.uid())).isEmpty();
    }

    @Test
    void anUnknownMissionCanBeForgottenBeforeItArrives() {
        NewMission known = mission(Wish.ANY);
        NewMission forgotten = mission(Wish.ANY);
        assertThat(store.missions().forget(List.of(forgotten.uid()), "")).isEmpty();
        assertThat(store.missions().admit(List.of(forgotten, known)))
                .extracting(MissionRecord::uid)
                .containsExactly(known.uid());
    }

    @Test
    void aForgottenMissionsDataGoesWithItsRetentionAndNoSooner() {
        Binding binding = running(Wish.ANY.retention("1h"));
        Claim claim = binding.claim();
        Head head = genesis(claim);
        for (int i = 0; i < 3; i++) {
            head = committed(claim, head, "step " + i);
        }
        store.missions().forget(List.of(claim.uid()), "");
        store.advance(Duration.ofMinutes(59));
        assertThat(store.missions().purge()).isZero();
        assertThat(store.steps().read(claim.mission(), 0, 10)).hasSize(3);
        purgeAfter(Duration.ofMinutes(2));
        assertThat(store.steps().read(claim.mission(), 0, 10)).isEmpty();
        assertThat(store.missions().spec(claim.uid())).isEmpty();
        assertThat(commit(claim, head, "from the grave")).isNotInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void whatIsNotForgottenIsNeverPurged() {
        NewMission mission = mission(Wish.ANY.retention("1h"));
        store.missions().admit(List.of(mission));
        store.missions().cancel(mission.uid(), "");
        purgeAfter(Duration.ofDays(400));
        assertThat(store.missions().find(mission.uid())).isPresent();
    }

    @Test
    void tombstonesAreKeptForTheirTime() {
        NewMission mission = mission(Wish.ANY);
        store.missions().forget(List.of(mission.uid()), "");
        purgeAfter(MissionStore.TOMBSTONES_KEPT.minusMinutes(1));
        assertThat(store.missions().admit(List.of(mission))).isEmpty();
        purgeAfter(Duration.ofMinutes(2));
        assertThat(store.missions().admit(List.of(mission))).hasSize(1);
    }

    private void purgeAfter(Duration time) {
        store.advance(time);
        int removed;
        do {
            removed = store.missions().purge();
        } while (removed > 0);
    }

    @Test
    void rowsAreReadInTheOrderOfTheirAgeWithoutTheForgotten() {
        List<MissionRecord> admitted =
                IntStream.range(0, 5).mapToObj(i -> admit()).toList();
        store.missions().forget(List.of(admitted.get(1).uid()), "");
        List<MissionRecord> page = store.missions().after(0, 3);
        assertThat(page)
                .extracting(MissionRecord::uid)
                .containsExactly(
                        admitted.get(0).uid(),
                        admitted.get(2).uid(),
                        admitted.get(3).uid());
        assertThat(store.missions().after(page.getLast().id(), 3))
                .extracting(MissionRecord::uid)
                .containsExactly(admitted.get(4).uid());
    }

    @Test
    void severalAreFoundAtOnce() {
        MissionRecord one = admit();
        MissionRecord two = admit();
        assertThat(store.missions().findAll(List.of(two.uid(), UUID.randomUUID(), one.uid(), one.uid())))
                .containsExactlyInAnyOrder(one, two);
        assertThat(store.missions().findAll(List.of())).isEmpty();
    }

    @Test
    void aReaderThatBeginsAtTheHorizonSeesWhatComes() {
        MissionRecord before = admit();
        changes(0, 1);
        long horizon = store.missions().horizon();
        assertThat(horizon).isGreaterThanOrEqualTo(before.version());
        MissionRecord after = admit();
        assertThat(changes(horizon, 1)).extracting(MissionRecord::uid).containsExactly(after.uid());
    }

    @Test
    void theRowTellsWhoRanItAndWhere() {
        NewMission mission = mission(Wish.ANY);
        assertThat(store.missions().admit(List.of(mission)).getFirst().pod()).isNull();
        Claim claim = bindOne(register("analysts-7", 1)).claim();
        assertThat(find(mission.uid()).pod()).isEqualTo("analysts-7");
        committed(claim, genesis(claim), "one");
        store.missions().release(claim, new Release.HandBack());
        MissionRecord record = find(mission.uid());
        assertThat(record.pod()).isEqualTo("analysts-7");
        assertThat(record.poolNamespace()).isEqualTo("platform");
        assertThat(record.poolName()).isEqualTo("analysts");
        assertThat(record.headAt())
                .isEqualTo(store.steps().read(record.id(), 0, 1).getFirst().committedAt());
    }
}

package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolMissions.Counts;
import dev.tagma.mission.Reason;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link dev.tagma.mission.PoolMissions} keeps. */
abstract class PoolMissionsContract extends StoreContract {
    @Test
    void anUnknownPoolHasNone() {
        assertThat(store.poolMissions().count(UUID.randomUUID())).isEqualTo(new Counts(0, 0, 0, 0));
    }

    @Test
    void eachPhaseIsCountedAndEndedOnesAreNot() {
        running();
        MissionRecord cancelled = admit();
        store.missions().cancel(cancelled.uid(), "enough");
        MissionRecord suspended = admit();
        store.missions().suspend(suspended.uid());
        admit();
        Counts counts = store.poolMissions().count(pool);
        assertThat(counts).isEqualTo(new Counts(1, 1, 1, 2));
        assertThat(counts.all()).isEqualTo(3);
        assertThat(counts.started()).isEqualTo(1);
    }

    @Test
    void aMissionThatWasHandedBackHasStarted() {
        Binding binding = running();
        store.missions().release(binding.claim(), new Release.HandBack());
        assertThat(store.poolMissions().count(pool)).isEqualTo(new Counts(1, 0, 0, 0));
    }

    @Test
    void missionsThatNeverStartedAreWithdrawnAndCanBeAdmittedAgain() {
        Binding started = running();
        store.missions().release(started.claim(), new Release.HandBack());
        MissionRecord fresh = admit();
        MissionRecord suspended = admit();
        store.missions().suspend(suspended.uid());

        assertThat(store.poolMissions().withdraw(pool, 10)).containsExactlyInAnyOrder(fresh.uid(), suspended.uid());

        assertThat(store.missions().find(fresh.uid())).isEmpty();
        assertThat(store.missions().spec(fresh.uid())).isEmpty();
        assertThat(find(started.claim().uid()).reason()).isEqualTo(Reason.HandedBack);
        assertThat(store.poolMissions().withdraw(pool, 10)).isEmpty();
        MissionRecord again = admit();
        assertThat(again.id())
                .isNotEqualTo(fresh.id())
                .isNotEqualTo(started.claim().mission());
    }

    @Test
    void noMoreThanTheLimitAreWithdrawn() {
        admit();
        admit();
        assertThat(store.poolMissions().withdraw(pool, 1)).hasSize(1);
        assertThat(store.poolMissions().count(pool).queued()).isEqualTo(1);
    }

    @Test
    void missionsOfOtherPoolsAreLeft() {
        MissionRecord mine = admit();
        assertThat(store.poolMissions().withdraw(UUID.randomUUID(), 10)).isEmpty();
        assertThat(find(mine.uid()).reason()).isEqualTo(Reason.Queued);
    }

    @Test
    void endedMissionsAreFencedAndKeepWhatTheyCommitted() {
        Binding binding = running();
        Head head = committed(binding.claim(), genesis(binding.claim()), "one");
        MissionRecord queued = admit();

        assertThat(store.poolMissions().end(pool, Outcome.failed(Reason.RunLost, "the pool is gone"), 10))
                .isEqualTo(2);

        MissionRecord ended = find(binding.claim().uid());
        assertThat(ended.reason()).isEqualTo(Reason.RunLost);
        assertThat(ended.message()).isEqualTo("the pool is gone");
        assertThat(ended.head()).isEqualTo(head);
        assertThat(find(queued.uid()).outcome().reason()).isEqualTo(Reason.RunLost);
        assertThat(commit(binding.claim(), head, "two")).isNotInstanceOf(Committed.class);
        assertThat(store.poolMissions().end(pool, Outcome.failed(Reason.RunLost, ""), 10))
                .isZero();
        assertThat(store.missions().admit(List.of(mission(Wish.ANY)))).hasSize(1);
    }
}

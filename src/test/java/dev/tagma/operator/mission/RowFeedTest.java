package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.mission.LocalHints;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.Reason;
import dev.tagma.store.memory.InMemoryStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RowFeedTest {
    private static final UUID POOL = UUID.randomUUID();

    private InMemoryStore tables = new InMemoryStore(InstantSource.fixed(Missions.NOW));
    private final MissionIndex index = new MissionIndex();
    private final AtomicLong nanos = new AtomicLong();
    private final List<UUID> changed = new ArrayList<>();
    private final RowFeed feed = feed(tables.missions());

    private RowFeed feed(MissionStore missions) {
        return new RowFeed(missions, new LocalHints(), index, nanos::get, changed::add);
    }

    @Test
    void itsFirstRoundLooksAtEveryMissionThatIsOpen() {
        Mission open = Missions.open("m", UUID.randomUUID());
        index.put(open);
        index.put(Missions.ended("over", UUID.randomUUID()));
        feed.round();
        assertThat(changed).containsExactly(RunIdentity.own(open));
    }

    /** Nothing would tell of what happens to it before the feed is followed. */
    @Test
    void aRowReadBeforeTheFirstRoundIsNotKept() {
        UUID uid = admitted("m");
        assertThat(feed.seen(tables.missions().find(uid).orElseThrow())).isFalse();
        assertThat(feed.find(uid)).isPresent();
        assertThat(feed.kept(uid)).isEmpty();
        feed.round();
        assertThat(feed.find(uid)).isPresent();
        assertThat(feed.kept(uid)).isPresent();
    }

    @Test
    void aChangeIsToldOnceAndTheRowIsKept() {
        feed.round();
        UUID uid = admitted("m");
        feed.round();
        assertThat(changed).containsExactly(uid);
        assertThat(feed.kept(uid))
                .hasValueSatisfying(row -> assertThat(row.reason()).isEqualTo(Reason.Queued));
        changed.clear();
        feed.round();
        assertThat(changed).isEmpty();
        tables.missions().suspend(uid);
        feed.round();
        assertThat(changed).containsExactly(uid);
        assertThat(feed.kept(uid).orElseThrow().reason()).isEqualTo(Reason.Suspended);
    }

    @Test
    void whatTheOperatorItselfWroteIsNoNews() {
        feed.round();
        UUID uid = admitted("m");
        assertThat(feed.seen(tables.missions().find(uid).orElseThrow())).isTrue();
        feed.round();
        assertThat(changed).isEmpty();
    }

    @Test
    void anOlderRowNeverReplacesANewerOne() {
        feed.round();
        UUID uid = admitted("m");
        MissionRecord old = tables.missions().find(uid).orElseThrow();
        tables.missions().suspend(uid);
        feed.round();
        assertThat(feed.seen(old)).isFalse();
        assertThat(feed.kept(uid).orElseThrow().reason()).isEqualTo(Reason.Suspended);
    }

    @Test
    void rowsOfMissionsThatAreNotHereAreNotKept() {
        feed.round();
        for (int i = 0; i < 1200; i++) {
            tables.missions().admit(List.of(Missions.admission(Missions.open("m-" + i, UUID.randomUUID()), POOL)));
        }
        feed.round();
        assertThat(feed.size()).isZero();
        assertThat(changed).isEmpty();
    }

    @Test
    void aWithdrawnRowIsMissedAtTheNextRefresh() {
        feed.round();
        UUID uid = admitted("m");
        feed.round();
        changed.clear();
        tables.poolMissions().withdraw(POOL, 10);
        nanos.addAndGet(Duration.ofSeconds(29).toNanos());
        feed.round();
        assertThat(changed).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        feed.round();
        assertThat(changed).containsExactly(uid);
        assertThat(feed.kept(uid)).isEmpty();
    }

    @Test
    void aHintOnAQueuedMissionFindsOutThatItWasWithdrawn() {
        LocalHints hints = new LocalHints();
        RowFeed hearing = new RowFeed(tables.missions(), hints, index, nanos::get, changed::add);
        hearing.round();
        UUID uid = admitted("m");
        hearing.round();
        tables.poolMissions().withdraw(POOL, 10);
        changed.clear();
        hearing.hear(uid.toString());
        hearing.round();
        assertThat(changed).containsExactly(uid);
    }

    @Test
    void aStoreThatWentBackIsReadFromWhereItIs() {
        feed.round();
        UUID uid = admitted("m");
        for (int i = 0; i < 5; i++) {
            tables.missions().suspend(uid);
            tables.missions().resume(uid);
        }
        feed.round();
        InMemoryStore restored = new InMemoryStore(InstantSource.fixed(Missions.NOW));
        Switched switched = new Switched(tables.missions());
        RowFeed moved = feed(switched.port());
        moved.round();
        switched.to = restored.missions();
        changed.clear();
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        moved.round();
        assertThat(changed).contains(uid);
        restored.missions().admit(List.of(Missions.admission(Missions.open("m", uid), POOL)));
        changed.clear();
        moved.round();
        assertThat(changed).containsExactly(uid);
    }

    private UUID admitted(String name) {
        Mission mission = Missions.open(name, UUID.randomUUID());
        index.put(mission);
        tables.missions().admit(List.of(Missions.admission(mission, POOL)));
        return RunIdentity.own(mission);
    }
}

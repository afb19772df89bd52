package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.mission.MissionRecord;
import dev.tagma.store.memory.InMemoryStore;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OverlookedTest {
    private static final UUID POOL = UUID.randomUUID();

    private final InMemoryStore store = new InMemoryStore(InstantSource.fixed(Missions.NOW));
    private final MissionIndex index = new MissionIndex();
    private final Set<UUID> waiting = new HashSet<>();
    private final List<String> called = new ArrayList<>();
    private final Overlooked overlooked =
            new Overlooked(index, run -> store.missions().find(run), waiting::contains, id -> called.add(id.getName()));

    @Test
    void whoNobodyCameForBetweenTwoComparisonsIsCalled() {
        declared("m");
        overlooked.compare();
        assertThat(called).isEmpty();
        overlooked.compare();
        assertThat(called).containsExactly("m");
        assertThat(overlooked.found()).isEqualTo(1);
    }

    @Test
    void aRowThatChangedWithoutItsStatusIsFound() {
        Mission mission = declared("m");
        MissionRecord row = admitted(mission);
        overlooked.shown(ResourceID.fromResource(mission), row);
        compareTwice();
        assertThat(called).isEmpty();
        store.missions().suspend(row.uid());
        compareTwice();
        assertThat(called).containsExactly("m");
        overlooked.shown(
                ResourceID.fromResource(mission),
                store.missions().find(row.uid()).orElseThrow());
        called.clear();
        compareTwice();
        assertThat(called).isEmpty();
    }

    @Test
    void whoWaitsOrHasEndedIsLeftAlone() {
        waiting.add(RunIdentity.own(declared("waits")));
        index.put(Missions.ended("ended", UUID.randomUUID()));
        compareTwice();
        assertThat(called).isEmpty();
    }

    @Test
    void aRestoredMissionIsShownUnderTheRowOfItsRun() {
        Mission run = Missions.open("m", UUID.randomUUID());
        MissionRecord row = admitted(run);
        Mission restored =
                Missions.restored("m", UUID.randomUUID(), RunIdentity.own(run).toString());
        index.put(restored);
        overlooked.shown(ResourceID.fromResource(restored), row);
        compareTwice();
        assertThat(called).isEmpty();
    }

    @Test
    void whatIsForgottenIsDueAgain() {
        Mission mission = declared("m");
        overlooked.shown(ResourceID.fromResource(mission), admitted(mission));
        overlooked.forget(ResourceID.fromResource(mission));
        compareTwice();
        assertThat(called).containsExactly("m");
    }

    private void compareTwice() {
        overlooked.compare();
        overlooked.compare();
    }

    private Mission declared(String name) {
        Mission mission = Missions.open(name, UUID.randomUUID());
        index.put(mission);
        return mission;
    }

    private MissionRecord admitted(Mission mission) {
        return store.missions()
                .admit(List.of(Missions.admission(mission, POOL)))
                .getFirst();
    }
}

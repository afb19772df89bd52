package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.mission.Digest;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Step;
import dev.tagma.store.PostgresStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How far a fleet's missions were at a moment, and proof afterwards that each went on from there and says so. */
final class Milestones {
    private static final int ALL = 10_000;

    private final Fleet fleet;
    private final Map<UUID, MissionRecord> before = new HashMap<>();
    private final Map<UUID, List<Digest>> steps = new HashMap<>();

    /** As they are now. */
    Milestones(Fleet fleet) {
        this.fleet = fleet;
        Tagma.withStore(store -> {
            for (MissionRecord each : fleet.records(store)) {
                before.put(each.uid(), each);
                steps.put(each.uid(), digests(store, each));
            }
            return before.size();
        });
    }

    /** How many of them had started and not ended. */
    int inFlight() {
        return (int) before.values().stream()
                .filter(each -> each.startedAt() != null && each.finishedAt() == null)
                .count();
    }

    /** Throws where a mission of this fleet, whose missions have all succeeded, was begun anew or says anything else of itself. */
    void assertKept() {
        Tagma.withStore(store -> {
            List<MissionRecord> after = fleet.records(store);
            assertThat(after).extracting(MissionRecord::uid).containsExactlyInAnyOrderElementsOf(before.keySet());
            assertThat(after).allSatisfy(each -> {
                assertThat(digests(store, each))
                        .startsWith(steps.get(each.uid()).toArray(Digest[]::new));
                assertThat(each.startedAt()).isEqualTo(before.get(each.uid()).startedAt());
                assertThat(each.usage().iterations()).isEqualTo(fleet.turns() + 1);
                assertThat(each.attempts()).isZero();
            });
            return after.size();
        });
        assertThat(fleet.missions()).allSatisfy(each -> {
            MissionStatus status = each.getStatus();
            assertThat(status.phase()).isEqualTo(MissionStatus.Phase.Succeeded);
            assertThat(status.result().summary()).isEqualTo("done after " + fleet.turns() + " turns");
            assertThat(status.failure()).isNull();
            assertThat(status.usage().toolCalls()).isEqualTo(fleet.turns() * 2L);
        });
    }

    private static List<Digest> digests(PostgresStore store, MissionRecord mission) {
        return store.steps().read(mission.id(), 0, ALL).stream()
                .map(Step::digest)
                .toList();
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MissionIndexTest {
    private static final UUID UID = UUID.randomUUID();
    private static final UUID RUN = UUID.randomUUID();

    private final MissionIndex index = new MissionIndex();

    @Test
    void aMissionIsFoundByItsOwnUidAndByThatOfItsRun() {
        index.put(Missions.restored("m", UID, RUN.toString()));
        assertThat(index.id(UID))
                .isEqualTo(index.id(RUN))
                .hasValueSatisfying(id -> assertThat(id.getName()).isEqualTo("m"));
        assertThat(index.open()).containsExactlyInAnyOrder(UID, RUN);
    }

    @Test
    void oneThatEndedIsKnownAndNotOpen() {
        index.put(Missions.open("m", UID));
        index.put(Missions.ended("m", UID));
        assertThat(index.contains(UID)).isTrue();
        assertThat(index.isOpen(UID)).isFalse();
        assertThat(index.open()).isEmpty();
    }

    @Test
    void aCopyTakesNobodysPlaceAndLeavesItWhereItIs() {
        Mission original = Missions.open("original", RUN);
        Mission copy = Missions.restored("copy", UID, RUN.toString());
        index.put(original);
        index.put(copy);
        assertThat(index.id(RUN).orElseThrow().getName()).isEqualTo("original");
        index.remove(copy);
        assertThat(index.contains(RUN)).isTrue();
        assertThat(index.contains(UID)).isFalse();
    }

    @Test
    void removedIsForgotten() {
        Mission mission = Missions.restored("m", UID, RUN.toString());
        index.put(mission);
        index.remove(mission);
        assertThat(index.contains(UID)).isFalse();
        assertThat(index.contains(RUN)).isFalse();
    }

    @Test
    void anAnnotationThatIsNoUidIsNoRun() {
        Mission mission = Missions.restored("m", UID, "somebody");
        assertThat(RunIdentity.earlier(mission)).isEmpty();
        assertThat(RunIdentity.isMarked(mission)).isFalse();
        assertThat(RunIdentity.earlier(Missions.restored("m", UID, UID.toString())))
                .isEmpty();
        assertThat(RunIdentity.isMarked(Missions.restored("m", UID, UID.toString())))
                .isTrue();
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MissionEventSourceTest {
    private final MissionIndex index = new MissionIndex();
    private final MissionEventSource source = new MissionEventSource(index, () -> {}, mission -> {});

    @Test
    void theOwnersOfFieldsAreKeptUntilAMissionHasBeenAdmitted() {
        Mission open = owned(Missions.open("open", UUID.randomUUID()));
        source.onResourceCreated(open);
        assertThat(open.getMetadata().getManagedFields()).hasSize(1);

        Mission waiting = owned(Missions.open("waiting", UUID.randomUUID()));
        waiting.setStatus(Projection.pending(Reason.PoolNotFound, "", Seen.NOTHING, Missions.NOW));
        source.onResourceCreated(waiting);
        assertThat(waiting.getMetadata().getManagedFields()).hasSize(1);

        Mission ended = owned(Missions.ended("ended", UUID.randomUUID()));
        source.onResourceCreated(ended);
        assertThat(ended.getMetadata().getManagedFields()).isEmpty();
    }

    @Test
    void anUpdateDropsThemToo() {
        UUID uid = UUID.randomUUID();
        Mission before = owned(Missions.open("m", uid));
        source.onResourceCreated(before);
        Mission now = owned(Missions.ended("m", uid));
        source.onResourceUpdated(now, before);
        assertThat(now.getMetadata().getManagedFields()).isEmpty();
        assertThat(index.isOpen(uid)).isFalse();
    }

    private static Mission owned(Mission mission) {
        mission.getMetadata()
                .getManagedFields()
                .add(new ManagedFieldsEntryBuilder().withManager("kubectl").build());
        return mission;
    }
}

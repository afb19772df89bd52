package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusWriterIT {
    @Test
    void aWriteIsOneRequestAndReadsNothingBefore() throws Exception {
        CountedLists counted = new CountedLists();
        try (MissionRig rig = new MissionRig();
                KubernetesClient client = counted.open(rig.cluster.config())) {
            Mission mission = rig.mission("m");
            StatusWriter writer = new StatusWriter(client);
            Mission written = writer.write(
                    mission, Projection.pending(Reason.PoolNotFound, "no pool", Seen.NOTHING, Instant.EPOCH));
            assertThat(written.getStatus().reason()).isEqualTo("PoolNotFound");
            assertThat(RunIdentity.isMarked(writer.mark(written))).isTrue();
            assertThat(counted.writes).hasValue(2);
            assertThat(counted.reads).hasValue(0);
            assertThat(counted.lists).hasValue(0);
            assertThatThrownBy(() -> writer.mark(mission))
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            stale -> assertThat(stale.getCode()).isEqualTo(409));
        }
    }
}

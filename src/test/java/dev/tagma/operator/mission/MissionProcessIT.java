package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Missions in the operator as it is deployed: with its lease, its pools and its Events. */
class MissionProcessIT {
    private final MissionRig rig = new MissionRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aMissionGoesFromApplyToItsRowAndFromCommitToItsStatus() {
        rig.process();
        rig.mission("m");
        rig.awaitReason("m", "PoolNotFound");
        UUID pool = rig.declaredPool(100);
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        rig.awaitCondition("m", "Ready");
        assertThat(rig.get("m").getStatus().result().summary()).isEqualTo("done");
    }

    @Test
    void whatGoesWrongIsAnEvent() {
        rig.process();
        rig.mission("m");
        rig.awaitReason("m", "PoolNotFound");
        UUID pool = rig.declaredPool(100);
        rig.finish(rig.bind(pool), Outcome.failed(Reason.ModelFailed, "no model answered"));
        rig.awaitCondition("m", "Stalled");
        await().atMost(MissionRig.PATIENCE)
                .until(() -> rig.events("m").containsAll(List.of("Warning ReferenceBroken", "Warning MissionFailed")));
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.Condition.Status;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.kube.Command;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code kubectl wait} and GitOps tools read: Ready, Reconciling, Stalled, Finished and observedGeneration. */
class MissionKstatusIT {
    private final MissionRig rig = new MissionRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aSucceededMissionIsReady() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        assertThat(await("Ready", "20s").ok()).contains("m condition met");
        assertThat(conditions())
                .isEqualTo(Map.of(
                        "Ready", Status.True,
                        "Reconciling", Status.False,
                        "Stalled", Status.False,
                        "Finished", Status.True));
    }

    @Test
    void aFailedMissionIsStalledAndNobodyWaitsForItToBeReady() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.finish(rig.bind(pool), Outcome.failed(Reason.ModelFailed, "no model answered"));
        assertThat(await("Stalled", "20s").ok()).contains("m condition met");
        assertThat(await("Ready", "0s").exit()).isNotZero();
        assertThat(conditions())
                .isEqualTo(Map.of(
                        "Ready", Status.False,
                        "Reconciling", Status.False,
                        "Stalled", Status.True,
                        "Finished", Status.True));
    }

    @Test
    void theObservedGenerationIsTrueWhereverAMissionStands() {
        rig.operator();
        rig.mission("m");
        rig.awaitCurrent("m", "PoolNotFound");
        rig.patch("m", "{\"suspend\":true}");
        rig.awaitCurrent("m", "PoolNotFound");
        UUID pool = rig.pool(100);
        rig.awaitCurrent("m", "Suspended");
        rig.patch("m", "{\"suspend\":false}");
        rig.awaitCurrent("m", "Queued");
        var binding = rig.bind(pool);
        rig.awaitCurrent("m", "Running");
        rig.patch("m", "{\"suspend\":true}");
        Instant suspended = changedAt(rig.awaitCurrent("m", "Suspended"), "Reconciling");
        rig.patch("m", "{\"retention\":{\"data\":\"1h\"}}");
        assertThat(changedAt(rig.awaitCurrent("m", "Suspended"), "Reconciling")).isEqualTo(suspended);
        rig.patch("m", "{\"suspend\":false}");
        rig.awaitCurrent("m", "Queued");
        var again = rig.bind(pool);
        assertThat(again.claim().epoch()).isGreaterThan(binding.claim().epoch());
        rig.awaitCurrent("m", "Running");
    }

    @Test
    void anEndedMissionTakesNoteOfAnEditAndStaysAsItIs() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        MissionStatus before = rig.awaitCurrent("m", "Succeeded");
        rig.patch("m", "{\"retention\":{\"data\":\"1h\"},\"suspend\":true}");
        MissionStatus after = rig.awaitCurrent("m", "Succeeded");
        assertThat(after.observedGeneration()).isEqualTo(2);
        assertThat(after.completionTime()).isEqualTo(before.completionTime());
        assertThat(changedAt(after, "Ready")).isEqualTo(changedAt(before, "Ready"));
        assertThat(after.result().summary()).isEqualTo("done");
    }

    private Command.Result await(String condition, String timeout) {
        return rig.cluster.kubectl(
                "wait", "--for=condition=" + condition, "mission/m", "-n", rig.namespace, "--timeout=" + timeout);
    }

    private Map<String, Status> conditions() {
        return rig.get("m").getStatus().conditions().stream()
                .collect(Collectors.toMap(Condition::type, Condition::status));
    }

    private static Instant changedAt(MissionStatus status, String type) {
        return status.conditions().stream()
                .filter(each -> each.type().equals(type))
                .findFirst()
                .orElseThrow()
                .lastTransitionTime();
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.kube.Command;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Missions that a GitOps tool applies again and again, and that others write to as well. */
class MissionGitOpsIT {
    private static final String MISSION = """
            {apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: m, labels: {app: x}},
             spec: {goal: go, timeout: 5m, budget: {tokens: 1000, cost: "0.50"}, inputs: {a: 1, b: {c: [1.50, 2]}}}}""";

    private final MissionRig rig = new MissionRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void appliedAgainByTheServerWritesNothingAndRunsNothing() {
        UUID pool = rig.pool(100);
        rig.operator();
        applyServerSide(MISSION);
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        awaitSettled();
        String version = version();
        for (int i = 0; i < 3; i++) {
            applyServerSide(MISSION);
        }
        rig.mission("next");
        rig.bind(pool);
        rig.awaitReason("next", "Running");
        assertThat(version()).isEqualTo(version);
        assertThat(rig.store.poolMissions().count(pool).all()).isEqualTo(1);
    }

    /** The first time, the server itself stores the status that it showed by default. */
    @Test
    void appliedTwiceBeforeAnybodySawItRunsOnce() {
        UUID pool = rig.pool(100);
        applyServerSide(MISSION);
        applyServerSide(MISSION);
        String version = version();
        applyServerSide(MISSION);
        assertThat(version()).isEqualTo(version);
        rig.operator();
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        awaitSettled();
        assertThat(rig.store.poolMissions().count(pool).all()).isZero();
    }

    @Test
    void appliedAgainWhileItRunsWritesNothing() {
        UUID pool = rig.pool(100);
        rig.operator();
        applyServerSide(MISSION);
        rig.bind(pool);
        rig.awaitReason("m", "Running");
        awaitMarked();
        String version = version();
        applyServerSide(MISSION);
        rig.apply(MISSION.replace("name: m,", "name: other,"));
        rig.bind(pool);
        rig.awaitReason("other", "Running");
        assertThat(version()).isEqualTo(version);
    }

    @Test
    void anotherManagersFieldsAndOursStandBesideEachOther() {
        UUID pool = rig.pool(100);
        rig.operator();
        applyServerSide(MISSION);
        rig.bind(pool);
        rig.awaitReason("m", "Running");
        awaitMarked();
        rig.patch("m", "{\"suspend\":true}");
        rig.awaitReason("m", "Suspended");
        Command.Result refused = tryServerSide(MISSION.replace("goal: go", "suspend: false, goal: go"));
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.err()).contains("conflict").contains(".spec.suspend");
        // without an opinion on suspend the tool takes nothing back
        applyServerSide(MISSION);
        applyServerSide(MISSION.replace("labels: {app: x}", "labels: {app: other}"));
        assertThat(rig.get("m").getMetadata().getAnnotations()).containsKey(RunIdentity.ANNOTATION);
        assertThat(rig.get("m").getStatus().reason()).isEqualTo("Suspended");
        assertThat(rig.store.missions().find(RunIdentity.own(rig.get("m"))))
                .hasValueSatisfying(row -> assertThat(row.reason()).isEqualTo(Reason.Suspended));
    }

    @Test
    void anAnnotationTakenAwayComesBack() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.bind(pool);
        awaitMarked();
        rig.cluster
                .kubectl("annotate", "mission", "m", "-n", rig.namespace, RunIdentity.ANNOTATION + "-")
                .ok();
        awaitMarked();
    }

    private void awaitSettled() {
        rig.awaitCondition("m", "Ready");
        awaitMarked();
    }

    private void awaitMarked() {
        await().atMost(MissionRig.PATIENCE).until(() -> RunIdentity.isMarked(rig.get("m")));
    }

    private String version() {
        return rig.get("m").getMetadata().getResourceVersion();
    }

    private void applyServerSide(String manifest) {
        tryServerSide(manifest).ok();
    }

    private Command.Result tryServerSide(String manifest) {
        return rig.cluster.kubectlWithInput(
                manifest, "apply", "--server-side", "--field-manager=gitops", "-n", rig.namespace, "-f", "-");
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Missions whose pool, inputs or namespace come and go under them, in the operator as it is deployed. */
class MissionPoolIT {
    private final MissionRig rig = new MissionRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aDeletedPoolKeepsWhatRunsAndTheNextOneTakesWhatWaited() {
        rig.process();
        UUID first = rig.declaredPool(100);
        rig.mission("runs");
        Binding running = rig.bind(first);
        rig.awaitReason("runs", "Running");
        rig.mission("waits");
        rig.awaitReason("waits", "Queued");

        rig.cluster
                .kubectl("delete", "agentpool", "default", "-n", rig.namespace, "--wait=false")
                .ok();
        rig.awaitReason("waits", "PoolNotFound");
        assertThat(rig.message("waits")).contains("is being deleted");
        rig.mission("late");
        rig.awaitReason("late", "PoolNotFound");
        assertThat(rig.get("runs").getStatus().reason()).isEqualTo("Running");

        rig.finish(running, Outcome.succeeded("done", null));
        rig.awaitReason("runs", "Succeeded");
        await().atMost(MissionRig.PATIENCE).until(() -> rig.agentPool() == null);
        UUID second = rig.declaredPool(100);
        rig.finish(rig.bind(second), Outcome.succeeded("done", null));
        rig.finish(rig.bind(second), Outcome.succeeded("done", null));
        rig.awaitReason("waits", "Succeeded");
        rig.awaitReason("late", "Succeeded");
    }

    @Test
    void aNamespaceDeletedAtOnceLeavesNothingBehind() {
        rig.cluster.withControllerManager();
        rig.process();
        UUID pool = rig.declaredPool(100);
        Mission running = rig.mission("runs");
        rig.bind(pool);
        rig.awaitReason("runs", "Running");
        Mission queued = rig.mission("waits");
        await().atMost(MissionRig.PATIENCE).until(() -> row(queued).isPresent());

        rig.cluster
                .kubectl("delete", "namespace", rig.namespace, "--wait=false")
                .ok();

        await().atMost(MissionRig.PATIENCE.multipliedBy(2))
                .until(() -> rig.cluster
                                .client()
                                .namespaces()
                                .withName(rig.namespace)
                                .get()
                        == null);
        await().atMost(MissionRig.PATIENCE)
                .until(() -> rig.store.poolMissions().count(pool).all() == 0);
        assertThat(row(running))
                .hasValueSatisfying(row -> assertThat(row.phase().terminal()).isTrue());
        assertThat(row(queued).map(MissionRecord::phase)).isNotEqualTo(Optional.of(Phase.Queued));
        // the deletion of each was heard of: nobody shows it as a mission any more
        await().atMost(MissionRig.PATIENCE)
                .until(() -> rig.store.missions().after(0, 10).isEmpty());
    }

    @Test
    void missionsWaitForTheirInputsAndEnterWhenTheyAppear() {
        rig.process();
        UUID pool = rig.declaredPool(100);
        rig.apply("{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: m},"
                + " spec: {goal: go, inputsFrom: {configMapKeyRef: {name: inputs, key: json}}}}");
        rig.awaitReason("m", "InputsNotFound");
        rig.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: inputs}, data: {json: '{\"a\": 1}'}}");
        rig.bind(pool);
        rig.awaitReason("m", "Running");
    }

    @Test
    void aPoolThatLetsANamespaceInCallsItsMissions() {
        String elsewhere = rig.cluster.newNamespace("guest");
        rig.process(elsewhere);
        rig.declaredPool(100);
        rig.cluster
                .kubectlWithInput(
                        "{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: m}, spec: {goal: go,"
                                + " poolRef: {name: default, namespace: " + rig.namespace + "}}}",
                        "apply",
                        "-n",
                        elsewhere,
                        "-f",
                        "-")
                .ok();
        rig.awaitReason(elsewhere, "m", "PoolNotPermitted");
        rig.cluster
                .kubectl(
                        "patch",
                        "agentpool",
                        "default",
                        "-n",
                        rig.namespace,
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"allowedNamespaces\":{\"from\":\"Selector\",\"selector\":{\"matchLabels\":{\"team\":\"x\"}}}}}")
                .ok();
        rig.cluster.kubectl("label", "namespace", elsewhere, "team=x").ok();
        rig.awaitReason(elsewhere, "m", "Queued");
    }

    private Optional<MissionRecord> row(Mission mission) {
        return rig.store.missions().find(RunIdentity.own(mission));
    }
}

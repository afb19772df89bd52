package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MissionReconcilerIT {
    private final MissionRig rig = new MissionRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aMissionGoesFromApplyToReady() {
        UUID pool = rig.pool(100);
        rig.operator();
        Mission mission = rig.mission("m");
        Binding binding = rig.bind(pool);
        assertThat(rig.awaitReason("m", "Running").runtime().pod()).isEqualTo("runtime-0");
        rig.finish(binding, Outcome.succeeded("done", null));
        rig.awaitCondition("m", "Ready");
        rig.awaitCondition("m", "Finished");
        await().until(() -> mission.getMetadata()
                .getUid()
                .equals(rig.get("m").getMetadata().getAnnotations().get(RunIdentity.ANNOTATION)));
    }

    @Test
    void aFailedMissionIsStalledAtOnce() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.finish(rig.bind(pool), Outcome.failed(Reason.ModelFailed, "no model answered"));
        rig.awaitCondition("m", "Stalled");
        assertThat(rig.get("m").getStatus().failure().message()).isEqualTo("no model answered");
    }

    @Test
    void aMissionThatCameBeforeItsPoolEntersWhenItAppears() {
        rig.operator();
        rig.mission("m");
        rig.awaitReason("m", "PoolNotFound");
        rig.bind(rig.pool(100));
        rig.awaitReason("m", "Running");
    }

    @Test
    void specSuspendsResumesAndCancels() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.bind(pool);
        rig.awaitReason("m", "Running");
        rig.patch("m", "{\"suspend\":true}");
        rig.awaitReason("m", "Suspended");
        rig.patch("m", "{\"suspend\":false}");
        rig.awaitReason("m", "Queued");
        rig.patch("m", "{\"cancel\":true}");
        rig.awaitReason("m", "CancelRequested");
    }

    @Test
    void appliedAgainWritesNothingAndRunsNothing() {
        UUID pool = rig.pool(100);
        rig.operator();
        rig.mission("m");
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        rig.awaitCondition("m", "Ready");
        await().until(() -> rig.get("m").getMetadata().getAnnotations().containsKey(RunIdentity.ANNOTATION));
        String version = rig.get("m").getMetadata().getResourceVersion();
        for (int i = 0; i < 5; i++) {
            rig.mission("m");
        }
        rig.mission("next");
        rig.bind(pool);
        rig.awaitReason("next", "Running");
        assertThat(rig.get("m").getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(rig.store.poolMissions().count(pool).all()).isEqualTo(1);
    }

    @Test
    void recreateSameNameStatusUid() {
        UUID pool = rig.pool(100);
        rig.operator();
        Mission first = rig.mission("m");
        Binding old = rig.bind(pool);
        rig.awaitReason("m", "Running");
        rig.delete("m");
        Mission second = rig.mission("m");
        await().atMost(MissionRig.PATIENCE)
                .until(() -> rig.store.missions().find(uid(first)).orElseThrow().reason() == Reason.CancelRequested);
        rig.finish(old, Outcome.succeeded("of the first", null));
        rig.finish(rig.bind(pool), Outcome.succeeded("of the second", null));
        assertThat(rig.awaitReason("m", "Succeeded").result().summary()).isEqualTo("of the second");
        assertThat(rig.get("m").getMetadata().getUid())
                .isEqualTo(second.getMetadata().getUid());
    }

    @Test
    void deleteThenStaleInformer() {
        UUID pool = rig.pool(100);
        Mission stillShown = rig.mission("m");
        rig.store.missions().forget(List.of(uid(stillShown)), "deleted");
        rig.operator();
        assertThat(rig.awaitReason("m", "RunLost").failure().message()).contains("was deleted");
        assertThat(rig.store.poolMissions().count(pool).all()).isZero();
    }

    @Test
    void emptyPostgresNoRerun() {
        UUID pool = rig.pool(100);
        Mission mission = rig.mission("m");
        MissionStatus running = status(mission, "Running");
        new StatusWriter(rig.cluster.client()).write(mission, running);
        rig.operator();
        assertThat(rig.awaitReason("m", "RunLost").startTime()).isEqualTo(running.startTime());
        assertThat(rig.store.poolMissions().count(pool).all()).isZero();
    }

    @Test
    void restoredBackupNoRerun() {
        UUID pool = rig.pool(100);
        UUID run = UUID.randomUUID();
        rig.apply("{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: m, annotations: {"
                + RunIdentity.ANNOTATION + ": " + run + "}}, spec: {goal: go}}");
        rig.operator();
        assertThat(rig.awaitReason("m", "RunLost").failure().message()).contains(run.toString());
        assertThat(rig.store.poolMissions().count(pool).all()).isZero();
    }

    @Test
    void terminalStatusNeverAdmitted() {
        UUID pool = rig.pool(100);
        Mission mission = rig.mission("m");
        MissionStatus ended =
                Projection.ended(Reason.CancelRequested, "", new Seen(mission.getStatus(), 1L), Instant.now());
        new StatusWriter(rig.cluster.client()).write(mission, ended);
        rig.operator();
        rig.mission("other");
        rig.bind(pool);
        rig.awaitReason("other", "Running");
        assertThat(rig.store.missions().find(uid(mission))).isEmpty();
    }

    @Test
    void staleLeaderCannotWriteStatus() {
        Mission stale = rig.mission("m");
        StatusWriter writer = new StatusWriter(rig.cluster.client());
        writer.write(stale, status(stale, "Running"));
        assertThatThrownBy(() -> writer.write(stale, status(stale, "Waiting")))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThat(rig.get("m").getStatus().phase()).isEqualTo(MissionStatus.Phase.Running);
    }

    @Test
    void aFullQueueLetsInByPriorityThenAge() {
        UUID pool = rig.pool(1);
        rig.operator();
        rig.mission("first");
        rig.awaitReason("first", "Queued");
        rig.mission("second");
        rig.awaitReason("second", "QueueFull");
        rig.apply("{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: urgent},"
                + " spec: {goal: go, priority: 9}}");
        rig.awaitReason("urgent", "QueueFull");
        rig.bind(pool);
        rig.awaitReason("urgent", "Queued");
        assertThat(rig.get("second").getStatus().reason()).isEqualTo("QueueFull");
        rig.bind(pool);
        rig.awaitReason("second", "Queued");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void aClockThatIsFiveMinutesOffChangesNothingThatMatters(int minutes) {
        UUID pool = rig.pool(1);
        Clock off = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
        rig.operator(rig.parts(rig.cluster.client(), rig.store, rig.store.missions()), off);
        Mission first = rig.mission("first");
        rig.awaitReason("first", "Queued");
        rig.mission("second");
        rig.awaitReason("second", "QueueFull");
        rig.finish(rig.bind(pool), Outcome.succeeded("done", null));
        MissionStatus ended = rig.awaitReason("first", "Succeeded");
        assertThat(ended.completionTime())
                .isEqualTo(rig.store.missions().find(uid(first)).orElseThrow().finishedAt());
        rig.bind(pool);
        rig.awaitReason("second", "Running");
        rig.delete("first");
        await().atMost(MissionRig.PATIENCE)
                .until(() -> rig.store.missions().after(0, 10).stream()
                        .noneMatch(row -> row.uid().equals(uid(first))));
    }

    private static UUID uid(Mission mission) {
        return UUID.fromString(mission.getMetadata().getUid());
    }

    /** A status as an operator would have left it. */
    private static MissionStatus status(Mission mission, String phase) {
        return Projection.pending(Reason.Admitting, "", new Seen(mission.getStatus(), 1L), Instant.now())
                .in(MissionStatus.Phase.valueOf(phase), phase)
                .started(Instant.parse("2026-11-21T09:00:00Z"));
    }
}

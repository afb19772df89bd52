package dev.tagma.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.Condition;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.step.Failover;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProjectionTest {
    private static final Instant ADMITTED = Instant.parse("2026-11-21T09:00:00Z");
    private static final Instant STARTED = ADMITTED.plusSeconds(1);
    private static final Instant ENDED = ADMITTED.plusSeconds(9);
    private static final Seen FIRST = new Seen(null, 1L);
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyPhaseIsTrueByKstatus(Reason reason) {
        MissionStatus status = reason.phase() == Phase.Pending
                ? Projection.pending(reason, "", FIRST, ADMITTED)
                : Projection.of(row(reason), FIRST);
        assertThat(conditions(status))
                .isEqualTo(
                        switch (reason.phase()) {
                            case Pending, Queued, Running, Waiting ->
                                "Ready=False Reconciling=True Stalled=False Finished=False";
                            case Succeeded -> "Ready=True Reconciling=False Stalled=False Finished=True";
                            case Failed, Cancelled -> "Ready=False Reconciling=False Stalled=True Finished=True";
                        });
        assertThat(status.phase().name()).isEqualTo(reason.phase().name());
        assertThat(status.reason()).isEqualTo(reason.name());
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.conditions()).allSatisfy(condition -> {
            assertThat(condition.reason()).isEqualTo(reason.name());
            assertThat(condition.message()).isNotEmpty();
            assertThat(condition.observedGeneration()).isEqualTo(1);
            assertThat(condition.lastTransitionTime()).isNotNull();
        });
        assertThat(Projection.isFinal(status)).isEqualTo(reason.phase().terminal());
    }

    @Test
    void timesOfConditionsAreCarriedWhereNothingChanged() {
        Instant before = ADMITTED.minusSeconds(60);
        MissionStatus pending = Projection.pending(Reason.PoolNotFound, "no AgentPool a/b", FIRST, before);
        MissionStatus running = Projection.of(row(Reason.Running), new Seen(pending, 1L));
        assertThat(running.conditions())
                .allSatisfy(
                        condition -> assertThat(condition.lastTransitionTime()).isEqualTo(before));
        MissionStatus done = Projection.of(row(Reason.Succeeded), new Seen(running, 1L));
        assertThat(done.conditions())
                .extracting(Condition::type, Condition::lastTransitionTime)
                .containsExactly(
                        tuple("Ready", ENDED),
                        tuple("Reconciling", ENDED),
                        tuple("Stalled", before),
                        tuple("Finished", ENDED));
    }

    @Test
    void theSameRowGivesTheSameStatus() {
        MissionStatus first = Projection.of(row(Reason.Running), FIRST);
        assertThat(Projection.same(first, Projection.of(row(Reason.Running), new Seen(first, 1L))))
                .isTrue();
        assertThat(Projection.same(first, Projection.of(row(Reason.Running), new Seen(first, 2L))))
                .isFalse();
        assertThat(Projection.same(null, first)).isFalse();
    }

    @Test
    void anAnswerReadBackIsTheSameAnswer() throws Exception {
        MissionStatus written = Projection.of(answered("done", JSON.readTree("{\"total\": 1.50}")), FIRST);
        assertThat(written.result().output().toString()).isEqualTo("{\"total\":1.5}");
        assertThat(written.result().truncated()).isNull();
        assertThat(written.result().ref()).isNull();
        MissionStatus again = Projection.of(answered("done", JSON.readTree("{\"total\": 1.5}")), new Seen(written, 1L));
        assertThat(Projection.same(written, again)).isTrue();
        MissionStatus other = Projection.of(answered("done", JSON.readTree("{\"total\": 2}")), new Seen(written, 1L));
        assertThat(Projection.same(written, other)).isFalse();
    }

    @Test
    void aLongAnswerIsCutAndSaysWhereTheWholeIs() throws Exception {
        String large = "ü".repeat(3000);
        MissionRecord row = answered(large, JSON.readTree("{\"text\": \"" + large + "\"}"));
        MissionStatus.Result cut = Projection.of(row, FIRST).result();
        assertThat(cut.summary()).isEqualTo("ü".repeat(2048));
        assertThat(cut.output()).isNull();
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.ref()).isEqualTo("/api/v1alpha1/namespaces/carbon/missions/m/transcript");
        MissionStatus.Result whole = Projection.withWholeAnswer(row, FIRST).result();
        assertThat(whole.summary()).isEqualTo(large);
        assertThat(whole.output()).isEqualTo(row.outcome().output());
        assertThat(whole.digest()).isEqualTo(cut.digest());
    }

    @Test
    void whatIsTooLongForTheSchemaIsCut() {
        String endless = "🚀".repeat(5000);
        MissionStatus pending = Projection.pending(Reason.AgentNotFound, endless, FIRST, ADMITTED);
        assertThat(pending.conditions())
                .allSatisfy(c -> assertThat(
                                c.message().codePointCount(0, c.message().length()))
                        .isEqualTo(4096));
    }

    @Test
    void anEndWithoutARowKeepsWhatWasKnown() {
        MissionStatus running = Projection.of(row(Reason.Running), FIRST);
        MissionStatus lost = Projection.ended(Reason.RunLost, "no row", new Seen(running, 1L), ENDED);
        assertThat(lost.startTime()).isEqualTo(STARTED);
        assertThat(lost.checkpoint()).isEqualTo(running.checkpoint());
        assertThat(lost.usage()).isEqualTo(running.usage());
        assertThat(lost.completionTime()).isEqualTo(ENDED);
        assertThat(lost.failure()).isEqualTo(new MissionStatus.Failure("RunLost", "no row", 1));
        assertThat(conditions(lost)).isEqualTo("Ready=False Reconciling=False Stalled=True Finished=True");
    }

    @Test
    void onlyAStartIsAStart() {
        assertThat(Projection.showsStart(null)).isFalse();
        assertThat(Projection.showsStart(Projection.pending(Reason.QueueFull, "", FIRST, ADMITTED)))
                .isFalse();
        assertThat(Projection.showsStart(Projection.of(row(Reason.Queued), FIRST)))
                .isFalse();
        assertThat(Projection.showsStart(Projection.of(row(Reason.Running), FIRST)))
                .isTrue();
        assertThat(Projection.showsStart(Projection.of(row(Reason.RuntimeLost), FIRST)))
                .isTrue();
    }

    @Test
    void aReasonOfAnotherPhaseIsRefused() {
        assertThatThrownBy(() -> Projection.pending(Reason.Running, "", FIRST, ADMITTED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Running");
        assertThatThrownBy(() -> Projection.ended(Reason.Succeeded, "", FIRST, ADMITTED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRunShowsPoolRuntimeAndCheckpoint() {
        MissionStatus status = Projection.of(row(Reason.Running), FIRST);
        assertThat(status.pool().namespace()).isEqualTo("platform");
        assertThat(status.pool().name()).isEqualTo("analysts");
        assertThat(status.pool().revision()).isEqualTo(3);
        assertThat(status.runtime()).isEqualTo(new MissionStatus.Runtime("analysts-x", 7L));
        assertThat(status.checkpoint().sequence()).isEqualTo(1);
        assertThat(status.checkpoint().time()).isEqualTo(STARTED);
        assertThat(status.usage().cost()).isEqualTo("0.0123");
        assertThat(status.failovers()).hasSize(1);
    }

    private static String conditions(MissionStatus status) {
        return status.conditions().stream()
                .map(condition -> condition.type() + "=" + condition.status())
                .collect(Collectors.joining(" "));
    }

    private static MissionRecord answered(String summary, JsonNode output) {
        return row(Reason.Succeeded, Outcome.succeeded(summary, output));
    }

    private static MissionRecord row(Reason reason) {
        return row(reason, reason.phase().terminal() ? new Outcome(reason, "", null, null) : null);
    }

    private static MissionRecord row(Reason reason, Outcome outcome) {
        UUID uid = UUID.nameUUIDFromBytes(new byte[] {7});
        boolean started = reason != Reason.Queued;
        return new MissionRecord(
                1,
                uid,
                "carbon",
                "m",
                UUID.nameUUIDFromBytes(new byte[] {8}),
                started ? 3 : 0,
                0,
                reason,
                "",
                7,
                0,
                started
                        ? Head.genesis(uid).then(7, StepKind.Observation, Digest.sha256(new byte[0]))
                        : Head.genesis(uid),
                new Usage(2, 2, 3, 1200, 45, 12_300_000),
                Usage.NONE,
                0,
                0,
                Duration.ZERO,
                outcome,
                started ? List.of(new Failover(STARTED, Failover.Type.Model, "a", "b", "Timeout")) : List.of(),
                ADMITTED,
                started ? STARTED : null,
                outcome == null ? null : ENDED,
                started ? "analysts-x" : null,
                started ? STARTED : null,
                "platform",
                "analysts",
                1);
    }
}

package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import dev.tagma.operator.mission.MissionDecision.Admit;
import dev.tagma.operator.mission.MissionDecision.Cancel;
import dev.tagma.operator.mission.MissionDecision.End;
import dev.tagma.operator.mission.MissionDecision.Keep;
import dev.tagma.operator.mission.MissionDecision.Resume;
import dev.tagma.operator.mission.MissionDecision.Show;
import dev.tagma.operator.mission.MissionDecision.ShowLater;
import dev.tagma.operator.mission.MissionDecision.Situation;
import dev.tagma.operator.mission.MissionDecision.StopRun;
import dev.tagma.operator.mission.MissionDecision.Suspend;
import dev.tagma.store.memory.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MissionDecisionTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final MissionStatus UNSEEN = null;

    private final MissionStore store = new InMemoryStore(InstantSource.fixed(NOW)).missions();

    @Test
    void aNewMissionIsAdmitted() {
        assertThat(of(spec(), UNSEEN, null)).isEqualTo(new Admit());
        assertThat(of(spec(), pending(Reason.PoolNotFound), null)).isEqualTo(new Admit());
        assertThat(of(spec(), pending(Reason.QueueFull), null)).isEqualTo(new Admit());
    }

    @Test
    void aFinalStatusIsKeptWhateverTheStoreSays() {
        MissionRecord row = row(spec());
        assertThat(of(spec(), ended(), null)).isEqualTo(new Keep());
        assertThat(of(spec(), ended(), row)).isEqualTo(new StopRun(row));
        MissionRecord over = cancelled(row);
        assertThat(of(spec(), ended(), over)).isEqualTo(new Keep());
    }

    @Test
    void aStartWithoutARowIsLostAndNeverRunAgain() {
        MissionStatus shown = pending(Reason.Admitting)
                .in(MissionStatus.Phase.Running, "Running")
                .started(NOW);
        assertThat(of(spec(), shown, null))
                .isInstanceOfSatisfying(
                        End.class, end -> assertThat(end.reason()).isEqualTo(Reason.RunLost));
    }

    @Test
    void aRunThatABackupSpeaksOfAndTheStoreDoesNotKnowIsLost() {
        Situation situation = new Situation(spec(), UNSEEN, null, "0b1c", NOW, NOW, false);
        assertThat(MissionDecision.of(situation)).isInstanceOfSatisfying(End.class, end -> {
            assertThat(end.reason()).isEqualTo(Reason.RunLost);
            assertThat(end.message()).contains("0b1c").contains(RunIdentity.ANNOTATION);
        });
    }

    @Test
    void cancelledBeforeItEnteredItEndsWithoutARow() {
        assertThat(of(with(null, true, null), pending(Reason.PoolNotFound), null))
                .isEqualTo(new End(Reason.CancelRequested, "spec.cancel"));
    }

    @Test
    void theStartDeadlineHoldsBeforeARowToo() {
        MissionSpec spec = with(null, null, "1m");
        assertThat(MissionDecision.of(new Situation(spec, UNSEEN, null, null, NOW.minusSeconds(59), NOW, false)))
                .isEqualTo(new Admit());
        assertThat(MissionDecision.of(new Situation(spec, UNSEEN, null, null, NOW.minusSeconds(60), NOW, false)))
                .isInstanceOfSatisfying(
                        End.class, end -> assertThat(end.reason()).isEqualTo(Reason.StartDeadlineExceeded));
    }

    @Test
    void cancelWinsOverSuspend() {
        MissionRecord row = row(spec());
        assertThat(of(with(true, true, null), UNSEEN, row)).isEqualTo(new Cancel(row));
    }

    @Test
    void suspendIsOrderedOnceAndTakenBack() {
        MissionRecord queued = row(spec());
        assertThat(of(with(true, null, null), UNSEEN, queued)).isEqualTo(new Suspend(queued));
        store.suspend(queued.uid());
        MissionRecord suspended = store.find(queued.uid()).orElseThrow();
        assertThat(of(with(true, null, null), UNSEEN, suspended)).isEqualTo(new Show(suspended));
        assertThat(of(with(false, null, null), UNSEEN, suspended)).isEqualTo(new Resume(suspended));
        assertThat(of(spec(), UNSEEN, suspended)).isEqualTo(new Resume(suspended));
    }

    @Test
    void anEndedRowIsShownEvenIfTheSpecAsksForMore() {
        MissionRecord over = cancelled(row(spec()));
        assertThat(of(with(true, true, null), pending(Reason.Admitting), over)).isEqualTo(new Show(over));
    }

    @Test
    void queuedIsSaidLaterInARush() {
        MissionRecord row = row(spec());
        assertThat(inRush(NOW, row)).isEqualTo(new ShowLater(Duration.ofSeconds(3)));
        assertThat(inRush(NOW.plusSeconds(9), row)).isEqualTo(new ShowLater(Duration.ofSeconds(1)));
        assertThat(inRush(NOW.plusSeconds(10), row)).isEqualTo(new Show(row));
    }

    private static MissionDecision inRush(Instant now, MissionRecord row) {
        return MissionDecision.of(new Situation(spec(), UNSEEN, row, null, NOW, now, true));
    }

    @Test
    void queuedIsNotSaidInItsFirstSecond() {
        MissionRecord row = row(spec());
        assertThat(at(NOW, UNSEEN, row)).isEqualTo(new ShowLater(Duration.ofSeconds(1)));
        assertThat(at(NOW.plusMillis(400), UNSEEN, row)).isEqualTo(new ShowLater(Duration.ofMillis(600)));
        assertThat(at(NOW.plusSeconds(1), UNSEEN, row)).isEqualTo(new Show(row));
        // whoever was told that it waits is told that it does so no more
        assertThat(at(NOW, pending(Reason.PoolNotFound), row)).isEqualTo(new Show(row));
    }

    @Test
    void clocksThatAreFiveMinutesApartHideNothing() {
        MissionRecord row = row(spec());
        assertThat(at(NOW.plus(Duration.ofMinutes(5)), UNSEEN, row)).isEqualTo(new Show(row));
        assertThat(at(NOW.minus(Duration.ofMinutes(5)), UNSEEN, row)).isEqualTo(new Show(row));
    }

    private static MissionDecision of(MissionSpec spec, MissionStatus status, MissionRecord row) {
        return MissionDecision.of(new Situation(spec, status, row, null, NOW, NOW.plusSeconds(5), false));
    }

    private static MissionDecision at(Instant now, MissionStatus status, MissionRecord row) {
        return MissionDecision.of(new Situation(spec(), status, row, null, NOW, now, false));
    }

    private MissionRecord row(MissionSpec spec) {
        UUID uid = UUID.randomUUID();
        return store.admit(List.of(new NewMission(uid, "n", "m", UUID.randomUUID(), spec)))
                .getFirst();
    }

    private MissionRecord cancelled(MissionRecord row) {
        store.cancel(row.uid(), "");
        return store.find(row.uid()).orElseThrow();
    }

    private static MissionStatus pending(Reason reason) {
        return Projection.pending(reason, "", Seen.NOTHING, NOW);
    }

    private static MissionStatus ended() {
        return Projection.ended(Reason.CancelRequested, "", Seen.NOTHING, NOW);
    }

    private static MissionSpec spec() {
        return with(null, null, null);
    }

    private static MissionSpec with(Boolean suspend, Boolean cancel, String startDeadline) {
        return new MissionSpec(
                null, "a", "go", null, null, null, 10, "5m", startDeadline, 0, null, null, suspend, cancel, null);
    }
}

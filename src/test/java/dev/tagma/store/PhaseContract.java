package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.dispatch.Bindings.Sweep;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Beat;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every edge of {@link Phase} that a store can take, by its name. Pending to Failed is Admission's. */
abstract class PhaseContract extends StoreContract {
    private void assertPhase(UUID uid, Reason reason) {
        MissionRecord record = find(uid);
        assertThat(record.reason()).isEqualTo(reason);
        assertThat(record.instance() != 0).isEqualTo(record.phase() == Phase.Running);
        assertThat(record.finishedAt() != null).isEqualTo(record.phase().terminal());
        assertThat(record.outcome() != null).isEqualTo(record.phase().terminal());
    }

    private void assertFenced(Claim old) {
        assertThat(find(old.uid()).epoch()).isGreaterThan(old.epoch());
        assertThat(commit(old, genesis(old), "too late")).isInstanceOf(Fenced.class);
        assertThat(store.missions().release(old, new Release.HandBack())).isFalse();
    }

    @Test
    void pendingToQueued() {
        assertPhase(admit().uid(), Reason.Queued);
    }

    @Test
    void pendingToCancelled() {
        NewMission cancelled = mission(Wish.ANY, true, true);
        store.missions().admit(List.of(cancelled));
        assertPhase(cancelled.uid(), Reason.CancelRequested);
    }

    @Test
    void queuedToRunning() {
        Binding binding = running();
        assertPhase(binding.claim().uid(), Reason.Running);
        assertThat(find(binding.claim().uid()).startedAt()).isNotNull();
        assertThat(binding.revision()).isEqualTo(1);
        assertThat(binding.lastSeq()).isZero();
    }

    @Test
    void queuedToWaiting() {
        UUID uid = admit().uid();
        assertThat(store.missions().suspend(uid)).isTrue();
        assertThat(store.missions().suspend(uid)).isFalse();
        assertPhase(uid, Reason.Suspended);
        assertThat(store.bindings().bind(register("a", 1), 1)).isEmpty();
    }

    @Test
    void queuedToFailed() {
        UUID uid = admit(Wish.ANY.startDeadline("1h")).uid();
        store.advance(Duration.ofMinutes(59));
        assertThat(store.bindings().sweep().expired()).isZero();
        store.advance(Duration.ofMinutes(2));
        assertThat(store.bindings().sweep().expired()).isEqualTo(1);
        assertPhase(uid, Reason.StartDeadlineExceeded);
    }

    @Test
    void queuedToCancelled() {
        UUID uid = admit().uid();
        assertThat(store.missions().cancel(uid, "not needed")).isTrue();
        assertPhase(uid, Reason.CancelRequested);
        assertThat(find(uid).outcome()).isEqualTo(Outcome.failed(Reason.CancelRequested, "not needed"));
    }

    @Test
    void runningToSucceeded() {
        Claim claim = running().claim();
        Head head = committed(claim, genesis(claim), "one");
        finish(claim, head, Outcome.succeeded("done", null));
        assertPhase(claim.uid(), Reason.Succeeded);
        assertThat(find(claim.uid()).head()).isEqualTo(head);
        assertFenced(claim);
    }

    @Test
    void runningToFailed() {
        Claim claim = running().claim();
        finish(claim, genesis(claim), Outcome.failed(Reason.ToolFailed, "broken"));
        assertPhase(claim.uid(), Reason.ToolFailed);
        assertFenced(claim);
    }

    @Test
    void runningToFailedByTheSweepAfterAGrace() {
        Claim claim = running(Wish.ANY.timeout("5m")).claim();
        store.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(store.bindings().sweep().expired()).isZero();
        store.advance(Duration.ofSeconds(5));
        assertThat(store.bindings().sweep().expired()).isEqualTo(1);
        assertPhase(claim.uid(), Reason.DeadlineExceeded);
        assertFenced(claim);
    }

    @Test
    void runningToCancelled() {
        Claim claim = running().claim();
        Head head = committed(claim, genesis(claim), "one");
        assertThat(store.missions().cancel(claim.uid(), "")).isTrue();
        assertPhase(claim.uid(), Reason.CancelRequested);
        assertThat(find(claim.uid()).head()).isEqualTo(head);
        assertFenced(claim);
    }

    @Test
    void runningToWaiting() {
        Claim claim = running().claim();
        Release park = new Release.Park(Reason.OutcomeUnknown, "was it paid?", null);
        assertThat(store.missions().release(claim, park)).isTrue();
        assertPhase(claim.uid(), Reason.OutcomeUnknown);
        assertThat(find(claim.uid()).message()).isEqualTo("was it paid?");
        assertFenced(claim);
    }

    @Test
    void runningToWaitingBySuspend() {
        Claim claim = running().claim();
        assertThat(store.missions().suspend(claim.uid())).isTrue();
        assertPhase(claim.uid(), Reason.Suspended);
        assertFenced(claim);
    }

    @Test
    void runningToQueuedAsItsOwnerIsLost() {
        Claim claim = running().claim();
        lapse();
        assertThat(store.bindings().takeOver().requeued()).isEqualTo(1);
        assertPhase(claim.uid(), Reason.RuntimeLost);
        assertFenced(claim);
    }

    @Test
    void runningToQueuedAsItIsHandedBack() {
        Claim claim = running().claim();
        assertThat(store.missions().release(claim, new Release.HandBack())).isTrue();
        assertPhase(claim.uid(), Reason.HandedBack);
        assertFenced(claim);
    }

    @Test
    void runningToQueuedForARetry() {
        Claim claim = running().claim();
        Release retry = new Release.Retry(Reason.ModelFailed, "it choked", Duration.ofSeconds(30));
        assertThat(store.missions().release(claim, retry)).isTrue();
        assertPhase(claim.uid(), Reason.Retrying);
        assertThat(find(claim.uid()).attempts()).isEqualTo(1);
        assertThat(find(claim.uid()).message()).contains("ModelFailed").contains("it choked");
        assertFenced(claim);
        assertThat(store.bindings().pending()).isEmpty();
        long instance = register("b", 1);
        assertThat(store.bindings().bind(instance, 1)).isEmpty();
        store.advance(Duration.ofSeconds(31));
        store.instances().heartbeat(List.of(new Beat(instance, false, Load.UNKNOWN)), LEASE);
        assertThat(store.bindings().pending()).containsExactly(pool);
        assertThat(bindOne(instance).attempts()).isEqualTo(1);
    }

    @Test
    void waitingToQueuedByTime() {
        Claim claim = running().claim();
        store.missions()
                .release(claim, new Release.Park(Reason.ProviderUnavailable, "all down", Duration.ofSeconds(20)));
        assertThat(store.bindings().sweep().woken()).isZero();
        store.advance(Duration.ofSeconds(21));
        assertThat(store.bindings().sweep().woken()).isEqualTo(1);
        assertPhase(claim.uid(), Reason.Queued);
    }

    @Test
    void waitingToQueuedByResume() {
        UUID uid = admit().uid();
        assertThat(store.missions().resume(uid)).isFalse();
        store.missions().suspend(uid);
        assertThat(store.missions().resume(uid)).isTrue();
        assertThat(store.missions().resume(uid)).isFalse();
        assertPhase(uid, Reason.Queued);
    }

    @Test
    void waitingToRunningThroughTheQueue() {
        Claim claim = running().claim();
        Head head = committed(claim, genesis(claim), "one");
        store.missions().suspend(claim.uid());
        store.missions().resume(claim.uid());
        Binding again = bindOne(register("b", 1));
        assertThat(again.claim().epoch()).isGreaterThan(claim.epoch());
        assertThat(again.lastSeq()).isEqualTo(1);
        committed(again.claim(), head, "two");
    }

    @Test
    void waitingToWaitingAsSuspendReplacesAnotherReason() {
        Claim claim = running().claim();
        store.missions()
                .release(claim, new Release.Park(Reason.ProviderUnavailable, "all down", Duration.ofSeconds(20)));
        assertThat(store.missions().suspend(claim.uid())).isTrue();
        store.advance(Duration.ofMinutes(10));
        assertThat(store.bindings().sweep()).isEqualTo(new Sweep(0, 0, 0, 0));
        assertPhase(claim.uid(), Reason.Suspended);
    }

    @Test
    void waitingToFailed() {
        Claim claim = running(Wish.ANY.timeout("5m")).claim();
        store.advance(Duration.ofMinutes(4));
        store.missions().release(claim, new Release.Park(Reason.ProviderUnavailable, "all down", Duration.ofHours(1)));
        store.advance(Duration.ofSeconds(61));
        assertThat(store.bindings().sweep().expired()).isEqualTo(1);
        assertPhase(claim.uid(), Reason.DeadlineExceeded);
    }

    @Test
    void waitingToCancelled() {
        UUID uid = admit().uid();
        store.missions().suspend(uid);
        assertThat(store.missions().cancel(uid, "")).isTrue();
        assertPhase(uid, Reason.CancelRequested);
    }

    @Test
    void succeededIsNeverLeft() {
        Claim claim = running().claim();
        finish(claim, genesis(claim), Outcome.succeeded("done", null));
        assertFinal(claim, Reason.Succeeded);
    }

    @Test
    void failedIsNeverLeft() {
        Claim claim = running().claim();
        finish(claim, genesis(claim), Outcome.failed(Reason.ModelFailed, ""));
        assertFinal(claim, Reason.ModelFailed);
    }

    @Test
    void cancelledIsNeverLeft() {
        Claim claim = running().claim();
        store.missions().cancel(claim.uid(), "");
        assertFinal(claim, Reason.CancelRequested);
    }

    private void assertFinal(Claim claim, Reason reason) {
        MissionRecord ended = find(claim.uid());
        Claim current = ended.claim();
        assertThat(store.missions().cancel(claim.uid(), "again")).isFalse();
        assertThat(store.missions().suspend(claim.uid())).isFalse();
        assertThat(store.missions().resume(claim.uid())).isFalse();
        assertThat(store.missions().release(current, new Release.HandBack())).isFalse();
        lapse();
        store.bindings().takeOver();
        store.advance(Duration.ofDays(2));
        store.bindings().sweep();
        assertThat(store.bindings().bind(register("late", 1), 1)).isEmpty();
        assertPhase(claim.uid(), reason);
        assertThat(find(claim.uid()).version()).isEqualTo(ended.version());
    }
}

package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.dispatch.Bindings;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.dispatch.Bindings.Sweep;
import dev.tagma.dispatch.Bindings.Takeover;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.Failover;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class BindingsContract extends StoreContract {
    private List<UUID> bound(long instance, int limit) {
        return store.bindings().bind(instance, limit).stream()
                .map(binding -> binding.claim().uid())
                .toList();
    }

    @Test
    void queueGoesByPriorityThenAge() {
        UUID old = admit().uid();
        UUID young = admit().uid();
        UUID low = admit(Wish.ANY.priority(-5)).uid();
        UUID high = admit(Wish.ANY.priority(50)).uid();
        long instance = register("a", 10);
        assertThat(bound(instance, 3)).containsExactly(high, old, young);
        assertThat(bound(instance, 3)).containsExactly(low);
        assertThat(bound(instance, 3)).isEmpty();
    }

    @Test
    void floodDoesNotStarveOthers() {
        List<NewMission> flood = IntStream.range(0, 100)
                .mapToObj(i -> mission(Wish.ANY.namespace("flood")))
                .toList();
        store.missions().admit(flood);
        long instance = register("a", 1000);
        store.bindings().bind(instance, 10);
        UUID quiet = admit(Wish.ANY.namespace("quiet")).uid();
        UUID second = admit(Wish.ANY.namespace("quiet")).uid();
        assertThat(bound(instance, 4)).contains(quiet, second);
    }

    @Test
    void pastFloodIsNotHeldAgainstItsNamespace() {
        long instance = register("a", 1000);
        IntStream.range(0, 50).forEach(i -> admit(Wish.ANY.namespace("early")));
        store.bindings().bind(instance, 50);
        store.missions()
                .admit(IntStream.range(0, 50)
                        .mapToObj(i -> mission(Wish.ANY.namespace("late")))
                        .toList());
        UUID early = admit(Wish.ANY.namespace("early")).uid();
        assertThat(bound(instance, 3)).contains(early);
    }

    @Test
    void handedBackMissionIsFirstOfItsPriority() {
        Claim claim = running().claim();
        admit(Wish.ANY.namespace("other"));
        admit();
        store.missions().release(claim, new Release.HandBack());
        assertThat(bound(register("b", 1), 1)).containsExactly(claim.uid());
    }

    @Test
    void slotsAreTheLimit() {
        IntStream.range(0, 5).forEach(i -> admit());
        long instance = register("a", 3);
        assertThat(bound(instance, 100)).hasSize(3);
        assertThat(bound(instance, 100)).isEmpty();
    }

    @Test
    void otherPoolsMissionsAreNotBound() {
        UUID other = UUID.randomUUID();
        NewMission given = mission(Wish.ANY);
        store.missions().admit(List.of(new NewMission(given.uid(), "carbon", "m", other, given.spec())));
        assertThat(bound(register("a", 3), 3)).isEmpty();
        assertThat(store.bindings().pending()).containsExactly(other);
    }

    @Test
    void poolWithoutARevisionBindsNothing() {
        UUID other = UUID.randomUUID();
        NewMission given = mission(Wish.ANY);
        store.missions().admit(List.of(new NewMission(given.uid(), "carbon", "m", other, given.spec())));
        long instance = store.instances().register(new Hello(other, "a", 1, "test"), LEASE);
        assertThat(bound(instance, 1)).isEmpty();
        store.pools().publish(other, "platform", "others", POOL, Map.of());
        assertThat(bound(instance, 1)).containsExactly(given.uid());
    }

    @Test
    void lapsedOrUnknownInstanceGetsNothing() {
        admit();
        long instance = register("a", 3);
        lapse();
        assertThat(bound(instance, 1)).isEmpty();
        assertThat(bound(4711, 1)).isEmpty();
    }

    @Test
    void heldTellsWhatIsBound() {
        long instance = register("a", 3);
        admit();
        admit();
        List<Binding> bound = store.bindings().bind(instance, 3);
        assertThat(store.bindings().held(instance))
                .extracting(Binding::claim)
                .containsExactlyInAnyOrderElementsOf(
                        bound.stream().map(Binding::claim).toList());
        store.missions().cancel(bound.getFirst().claim().uid(), "");
        List<Binding> left = store.bindings().held(instance);
        assertThat(left)
                .extracting(Binding::claim)
                .containsExactly(bound.getLast().claim());
        assertThat(left.getFirst().spec()).isEqualTo(bound.getLast().spec());
        assertThat(left.getFirst().name()).isEqualTo(bound.getLast().name());
        assertThat(store.bindings().held(4711)).isEmpty();
    }

    @Test
    void takeoverLeavesTheLivingAlone() {
        Claim claim = running().claim();
        assertThat(store.bindings().takeOver()).isEqualTo(new Takeover(List.of(), 0, 0));
        assertThat(find(claim.uid()).claim()).isEqualTo(claim);
    }

    @Test
    void takeoverTellsTheFailover() {
        Claim claim = running().claim();
        Head head = committed(claim, genesis(claim), "one");
        lapse();
        store.bindings().takeOver();
        MissionRecord lost = find(claim.uid());
        assertThat(lost.head()).isEqualTo(head);
        assertThat(lost.failovers()).hasSize(1);
        Failover failover = lost.failovers().getFirst();
        assertThat(failover.type()).isEqualTo(Failover.Type.Runtime);
        assertThat(failover.from()).isEqualTo("pod-" + claim.mission());
        assertThat(failover.time()).isNotNull();
        assertThat(failover.reason()).isEqualTo(lost.message()).contains("pod-" + claim.mission());
    }

    @Test
    void handBackAfterTakeover() {
        Claim old = running().claim();
        lapse();
        store.bindings().takeOver();
        Claim young = bindOne(register("b", 1)).claim();
        assertThat(store.missions().release(old, new Release.HandBack())).isFalse();
        assertThat(find(old.uid()).claim()).isEqualTo(young);
    }

    @Test
    void finishTwice() {
        Claim claim = running().claim();
        Outcome outcome = Outcome.succeeded("done", null);
        finish(claim, genesis(claim), outcome);
        MissionRecord ended = find(claim.uid());
        finish(claim, genesis(claim), outcome);
        finish(claim, genesis(claim), Outcome.failed(Reason.ModelFailed, "no"));
        assertThat(find(claim.uid())).isEqualTo(ended);
    }

    private void crash(String pod) {
        bindOne(register(pod, 1));
        lapse();
        store.bindings().takeOver();
    }

    @Test
    void crashesWithoutProgressAreCountedAndForgottenWithIt() {
        UUID uid = admit().uid();
        crash("a");
        assertThat(find(uid).crashes()).isEqualTo(1);
        Claim claim = bindOne(register("b", 1)).claim();
        committed(claim, genesis(claim), "one");
        lapse();
        store.bindings().takeOver();
        assertThat(find(uid).crashes()).isZero();
    }

    @Test
    void poisonMissionIsolated() {
        UUID poison = admit().uid();
        crash("a");
        crash("b");
        long busy = register("busy", 5);
        long free = register("free", 5);
        admit(Wish.ANY.priority(1));
        bindOne(busy);
        UUID innocent = admit().uid();
        assertThat(bound(busy, 5))
                .as("the oldest instance becomes empty for it")
                .isEmpty();
        assertThat(bound(free, 5)).as("alone on an instance that holds nothing").containsExactly(poison);
        assertThat(bound(free, 5)).as("nothing beside it").isEmpty();
        assertThat(bound(busy, 5)).containsExactly(innocent);
        lapse();
        Takeover takeover = store.bindings().takeOver();
        assertThat(takeover.crashLooped()).isZero();
        assertThat(takeover.requeued()).isEqualTo(3);
        assertThat(find(poison).crashes()).isEqualTo(3);
        assertThat(find(innocent).reason()).isEqualTo(Reason.RuntimeLost);
    }

    @Test
    void threeCrashesAloneAreACrashLoop() {
        UUID poison = admit().uid();
        for (int crash = 1; crash < Bindings.CRASHES; crash++) {
            crash("pod-" + crash);
            assertThat(find(poison).reason()).as("after crash %d", crash).isEqualTo(Reason.RuntimeLost);
        }
        bindOne(register("the-last", 1));
        lapse();
        Takeover takeover = store.bindings().takeOver();
        assertThat(takeover.crashLooped()).isEqualTo(1);
        assertThat(takeover.requeued()).isZero();
        assertThat(find(poison).crashes()).isEqualTo(5);
        assertThat(find(poison).reason()).isEqualTo(Reason.CrashLoop);
        assertThat(find(poison).message())
                .isEqualTo("lost its runtime 5 times in a row without progress, in the end alone");
    }

    @Test
    void progressAtTheLastMomentIsNoCrashLoop() {
        UUID unlucky = admit().uid();
        for (int crash = 1; crash < Bindings.CRASHES; crash++) {
            crash("pod-" + crash);
        }
        Claim claim = bindOne(register("lucky", 1)).claim();
        committed(claim, genesis(claim), "one");
        lapse();
        assertThat(store.bindings().takeOver().requeued()).isEqualTo(1);
        assertThat(find(unlucky).crashes()).isZero();
    }

    @Test
    void aSuspectThatMadeAStepIsAloneNoLonger() {
        admit();
        crash("a");
        crash("b");
        long only = register("only", 5);
        Claim suspect = bindOne(only).claim();
        UUID next = admit().uid();
        assertThat(bound(only, 5)).isEmpty();
        committed(suspect, genesis(suspect), "one");
        assertThat(bound(only, 5)).containsExactly(next);
    }

    @Test
    void innocentNeighboursUnblamed() {
        UUID poison = admit().uid();
        UUID innocent = admit().uid();
        for (String pod : List.of("a", "b")) {
            assertThat(store.bindings().bind(register(pod, 2), 2)).hasSize(2);
            lapse();
            store.bindings().takeOver();
        }
        for (String pod : List.of("c", "d", "e")) {
            assertThat(bound(register(pod, 2), 2)).as("alone on %s", pod).containsExactly(poison);
            lapse();
            store.bindings().takeOver();
        }
        assertThat(find(poison).reason()).isEqualTo(Reason.CrashLoop);
        Claim claim = bindOne(register("f", 2)).claim();
        assertThat(claim.uid()).isEqualTo(innocent);
        finish(claim, committed(claim, genesis(claim), "fine"), Outcome.succeeded("done", null));
        assertThat(find(innocent).reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void suspectThatGivesWayToOthersIsNotStarved() {
        UUID suspect = admit().uid();
        crash("a");
        crash("b");
        long only = register("only", 5);
        UUID first = admit(Wish.ANY.priority(1)).uid();
        UUID later = admit().uid();
        assertThat(bound(only, 1)).containsExactly(first);
        assertThat(bound(only, 5)).isEmpty();
        store.missions().cancel(first, "");
        assertThat(bound(only, 5)).containsExactly(suspect);
        store.missions().cancel(suspect, "");
        assertThat(bound(only, 5)).containsExactly(later);
    }

    @Test
    void queuedDeadlineExpires() {
        Claim claim = running(Wish.ANY.timeout("5m")).claim();
        store.advance(Duration.ofMinutes(5).plusSeconds(1));
        store.missions().release(claim, new Release.HandBack());
        UUID late = admit(Wish.ANY.startDeadline("10s")).uid();
        store.advance(Duration.ofSeconds(11));
        assertThat(store.bindings().sweep().expired()).isEqualTo(2);
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.DeadlineExceeded);
        assertThat(find(late).reason()).isEqualTo(Reason.StartDeadlineExceeded);
        assertThat(store.bindings().sweep()).isEqualTo(new Sweep(0, 0, 0, 0));
    }

    @Test
    void startDeadlineIsMetByTheFirstStep() {
        Claim claim = running(Wish.ANY.startDeadline("10s").timeout("1h")).claim();
        committed(claim, genesis(claim), "one");
        store.missions().release(claim, new Release.HandBack());
        store.advance(Duration.ofSeconds(60));
        assertThat(store.bindings().sweep().expired()).isZero();
        assertThat(bound(register("b", 1), 1)).containsExactly(claim.uid());
    }

    @Test
    void waitingGivesItsSlotBack() {
        long instance = register("a", 1);
        admit();
        UUID next = admit().uid();
        Claim claim = bindOne(instance).claim();
        assertThat(bound(instance, 1)).isEmpty();
        store.missions().release(claim, new Release.Park(Reason.ProviderUnavailable, "down", Duration.ofMinutes(1)));
        assertThat(bound(instance, 1)).containsExactly(next);
    }

    @Test
    void suspendedMissionsDoNotFillThePool() {
        long instance = register("a", 2);
        UUID one = admit().uid();
        UUID two = admit().uid();
        UUID three = admit().uid();
        assertThat(bound(instance, 5)).containsExactly(one, two);
        store.missions().suspend(one);
        store.missions().suspend(two);
        assertThat(bound(instance, 5)).containsExactly(three);
        store.missions().resume(one);
        assertThat(bound(instance, 5)).containsExactly(one);
    }

    @Test
    void expiredContentLeavesAChainThatVerifies() {
        Claim claim = running(Wish.ANY.retention("1h")).claim();
        Head one = committed(claim, genesis(claim), "one");
        Head two = committed(claim, one, "two");
        finish(claim, two, Outcome.succeeded("done", null));
        store.advance(Duration.ofMinutes(59));
        assertThat(store.bindings().sweep().contentDropped()).isZero();
        store.advance(Duration.ofMinutes(2));
        assertThat(store.bindings().sweep().contentDropped()).isEqualTo(1);
        assertThat(store.bindings().sweep().contentDropped()).isZero();
        List<Step> steps = store.steps().read(claim.mission(), 0, 10);
        assertThat(steps).hasSize(2).extracting(Step::content).containsOnlyNulls();
        Head head = genesis(claim);
        for (Step step : steps) {
            head = head.then(step.epoch(), step.kind(), step.contentDigest());
            assertThat(step.head()).isEqualTo(head);
        }
        assertThat(head).isEqualTo(find(claim.uid()).head());
    }

    @Test
    void dispatchLeaseHasOneHolderAtATime() {
        assertThat(store.bindings().lease(pool, "one", LEASE)).isEqualTo(1);
        assertThat(store.bindings().lease(pool, "two", LEASE)).isZero();
        assertThat(store.bindings().lease(pool, "one", LEASE)).isEqualTo(1);
        lapse();
        assertThat(store.bindings().lease(pool, "two", LEASE)).isEqualTo(2);
        assertThat(store.bindings().lease(pool, "one", LEASE)).isZero();
        assertThat(store.bindings().lease(UUID.randomUUID(), "one", LEASE)).isEqualTo(1);
    }

    @Test
    void aBindingIsFoundByItsClaimAtItsInstanceAlone() {
        long instance = register("pod-a", 1);
        admit();
        Claim claim = bindOne(instance).claim();
        assertThat(store.bindings().held(instance, claim)).map(Binding::claim).contains(claim);
        assertThat(store.bindings().held(instance + 1, claim)).isEmpty();
        Claim later = new Claim(claim.mission(), claim.uid(), claim.epoch() + 1);
        assertThat(store.bindings().held(instance, later)).isEmpty();
        store.missions().cancel(claim.uid(), "");
        assertThat(store.bindings().held(instance, claim)).isEmpty();
    }
}

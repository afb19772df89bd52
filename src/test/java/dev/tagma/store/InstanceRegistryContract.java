package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry.Beat;
import dev.tagma.registry.InstanceRegistry.Instance;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class InstanceRegistryContract extends StoreContract {
    private void beat(long instance, boolean draining) {
        store.instances().heartbeat(List.of(new Beat(instance, draining, Load.UNKNOWN)), LEASE);
    }

    @Test
    void registeredInstanceIsLive() {
        long id = register("pod-a", 3);
        assertThat(store.instances().live(pool))
                .containsExactly(new Instance(id, pool, "pod-a", 3, 0, false, Load.UNKNOWN));
        assertThat(store.instances().live(UUID.randomUUID())).isEmpty();
    }

    @Test
    void everyProcessLifeHasItsOwnNumber() {
        assertThat(register("pod-a", 1)).isLessThan(register("pod-a", 1));
    }

    private Hello hello(String pod, UUID podUid) {
        return new Hello(pool, pod, podUid, 3, "test", 0);
    }

    @Test
    void containerRestartSamePod() {
        UUID pod = UUID.randomUUID();
        long before = store.instances().register(hello("pod-a", pod), LEASE);
        long neighbour = store.instances().register(hello("pod-b", UUID.randomUUID()), LEASE);
        admit();
        Claim claim = bindOne(before).claim();

        long after = store.instances().register(hello("pod-a", pod), LEASE);

        assertThat(store.instances().live(pool)).extracting(Instance::id).containsExactly(neighbour, after);
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.RuntimeLost);
        assertThat(find(claim.uid()).crashes()).isEqualTo(1);
        assertThat(store.instances().heartbeat(List.of(new Beat(before, false, Load.UNKNOWN)), LEASE))
                .isEmpty();
        assertThat(store.instances().resume(before, hello("pod-a", pod), LEASE)).isFalse();
        assertThat(bindOne(after).claim().epoch()).isGreaterThan(claim.epoch());
    }

    private void lost(long instance) {
        bindOne(instance);
        lapse();
        store.bindings().takeOver();
    }

    @Test
    void aLapsedLeaseIsNoCrashWhereItsProcessComesBack() {
        UUID mission = admit().uid();
        UUID pod = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        Hello slow = hello("slow", pod);
        Hello slower = hello("slower", other);
        long first = store.instances().register(slow, LEASE);
        lost(first);
        long second = store.instances().register(slower, LEASE);
        lost(second);
        assertThat(find(mission).crashes()).isEqualTo(2);
        long version = find(mission).version();

        store.instances().register(slow.after(first), LEASE);
        assertThat(find(mission).crashes()).isEqualTo(1);
        assertThat(find(mission).version()).as("whoever follows it learns").isGreaterThan(version);
        store.instances().register(slow.after(first), LEASE);
        assertThat(find(mission).crashes()).as("once").isEqualTo(1);
        store.instances().register(slower.after(second), LEASE);
        assertThat(find(mission).crashes()).isZero();
    }

    @Test
    void nobodyIsForgivenWhatAnotherLost() {
        UUID mission = admit().uid();
        UUID pod = UUID.randomUUID();
        long first = store.instances().register(hello("a", pod), LEASE);
        lost(first);
        store.instances().register(hello("a", pod), LEASE);
        store.instances().register(hello("b", UUID.randomUUID()).after(first), LEASE);
        store.instances().register(hello("c", null).after(first), LEASE);
        store.instances().register(new Hello(UUID.randomUUID(), "a", pod, 3, "test", first), LEASE);
        store.instances().register(hello("a", pod).after(first + 1), LEASE);
        assertThat(find(mission).crashes()).isEqualTo(1);
    }

    @Test
    void aProcessThatComesBackBeforeItIsMissedLosesWhatItHeldWithoutBlame() {
        UUID mission = admit().uid();
        Hello inProcess = hello("a", null);
        long first = store.instances().register(inProcess, LEASE);
        bindOne(first);

        long second = store.instances().register(inProcess.after(first), LEASE);

        assertThat(store.instances().live(pool)).extracting(Instance::id).containsExactly(second);
        assertThat(find(mission).reason()).isEqualTo(Reason.RuntimeLost);
        assertThat(find(mission).crashes()).isZero();
    }

    @Test
    void ofAPodTheInstancesSinceTheFormerOneWereItsProcessToo() {
        UUID mission = admit().uid();
        Hello slow = hello("slow", UUID.randomUUID());
        long first = store.instances().register(slow, LEASE);
        lost(first);
        // its welcome was lost, and missions were bound to it
        long unheard = store.instances().register(slow.after(first), LEASE);
        bindOne(unheard);

        store.instances().register(slow.after(first), LEASE);

        assertThat(find(mission).reason()).isEqualTo(Reason.RuntimeLost);
        assertThat(find(mission).crashes()).isZero();
    }

    private boolean takenOverAfter(long instance, Duration time) {
        store.advance(time);
        return store.bindings().takeOver().dead().contains(instance);
    }

    @Test
    void whoseLineIsBrokenOffIsMissedSoon() {
        long id = register("pod-a", 1);
        store.advance(LEASE.dividedBy(4));

        store.instances().shorten(id, () -> LEASE.dividedBy(5), LEASE.dividedBy(10));

        assertThat(takenOverAfter(id, LEASE.dividedBy(20))).isFalse();
        assertThat(takenOverAfter(id, LEASE.dividedBy(20))).isTrue();
    }

    @Test
    void aBrokenLineLengthensNoLease() {
        long id = register("pod-a", 1);
        store.advance(LEASE.multipliedBy(9).dividedBy(10));

        store.instances().shorten(id, () -> Duration.ZERO, LEASE);

        assertThat(takenOverAfter(id, LEASE.dividedBy(10))).isTrue();
    }

    @Test
    void aLateEndOfTheOldLineShortensNotTheNewOne() {
        Hello hello = hello("pod-a", UUID.randomUUID());
        long id = store.instances().register(hello, LEASE);
        store.advance(LEASE.dividedBy(2));
        store.instances().resume(id, hello, LEASE);
        store.advance(LEASE.dividedBy(4));

        store.instances().shorten(id, () -> LEASE.dividedBy(2), Duration.ZERO);

        assertThat(takenOverAfter(id, LEASE.dividedBy(2))).isFalse();
        assertThat(takenOverAfter(id, LEASE.dividedBy(4))).isTrue();
    }

    @Test
    void whoComesBackOnAnotherLineHasItsWholeLease() {
        Hello hello = hello("pod-a", UUID.randomUUID());
        long id = store.instances().register(hello, LEASE);
        store.instances().shorten(id, () -> Duration.ZERO, LEASE.dividedBy(10));

        store.instances().resume(id, hello, LEASE);

        assertThat(takenOverAfter(id, LEASE.dividedBy(2))).isFalse();
    }

    @Test
    void whoLeavesInOrderAfterItsLeaseLapsedDidNotCrash() {
        UUID mission = admit().uid();
        long slow = register("slow", 1);
        lost(slow);
        assertThat(find(mission).crashes()).isEqualTo(1);

        store.instances().deregister(slow);

        assertThat(find(mission).crashes()).isZero();
    }

    @Test
    void whoRunsAloneForLossesThatWereNoneGetsCompany() {
        UUID suspect = admit().uid();
        Hello slow = hello("slow", UUID.randomUUID());
        long first = store.instances().register(slow, LEASE);
        lost(first);
        lost(register("crashed", 1));
        long owner = register("owner", 3);
        assertThat(bindOne(owner).claim().uid()).isEqualTo(suspect);
        UUID next = admit().uid();
        assertThat(store.bindings().bind(owner, 3)).isEmpty();

        store.instances().register(slow.after(first), LEASE);

        assertThat(find(suspect).crashes()).isEqualTo(1);
        assertThat(bindOne(owner).claim().uid()).isEqualTo(next);
    }

    @Test
    void instanceGoesOnAtAnotherReplicaWithItsLease() {
        UUID pod = UUID.randomUUID();
        long id = store.instances().register(hello("pod-a", pod), LEASE);
        store.advance(Duration.ofSeconds(9));
        assertThat(store.instances().resume(id, hello("pod-a", pod), LEASE)).isTrue();
        store.advance(Duration.ofSeconds(9));
        assertThat(store.instances().live(pool)).extracting(Instance::id).containsExactly(id);
    }

    @Test
    void onlyItsOwnPodAndPoolGoOnWithAnInstance() {
        UUID pod = UUID.randomUUID();
        long id = store.instances().register(hello("pod-a", pod), LEASE);
        assertThat(store.instances().resume(id, hello("pod-a", UUID.randomUUID()), LEASE))
                .isFalse();
        assertThat(store.instances().resume(id, hello("pod-a", null), LEASE)).isFalse();
        Hello elsewhere = new Hello(UUID.randomUUID(), "pod-a", pod, 3, "test", 0);
        assertThat(store.instances().resume(id, elsewhere, LEASE)).isFalse();
        assertThat(store.instances().resume(99, hello("pod-a", pod), LEASE)).isFalse();
        lapse();
        store.bindings().takeOver();
        assertThat(store.instances().resume(id, hello("pod-a", pod), LEASE)).isFalse();
    }

    @Test
    void heldMissionsAreCounted() {
        long id = register("pod-a", 3);
        admit();
        admit();
        store.bindings().bind(id, 5);
        assertThat(store.instances().live(pool))
                .extracting(Instance::held, Instance::free)
                .containsExactly(tuple(2, 1));
    }

    @Test
    void lapsedInstanceIsNotLive() {
        register("pod-a", 3);
        lapse();
        assertThat(store.instances().live(pool)).isEmpty();
    }

    @Test
    void heartbeatRenewsTheLease() {
        long id = register("pod-a", 3);
        store.advance(Duration.ofSeconds(9));
        assertThat(store.instances().heartbeat(List.of(new Beat(id, false, Load.UNKNOWN)), LEASE))
                .containsExactly(id);
        store.advance(Duration.ofSeconds(9));
        assertThat(store.instances().live(pool)).hasSize(1);
    }

    @Test
    void heartbeatCarriesTheLoadOfEach() {
        long one = register("pod-a", 3);
        long two = register("pod-b", 3);
        Load busy = new Load(870, 3L << 32, 4L << 32);
        store.instances().heartbeat(List.of(new Beat(two, false, new Load(1, 2, 3)), new Beat(one, true, busy)), LEASE);
        assertThat(store.instances().live(pool))
                .extracting(Instance::id, Instance::load)
                .containsExactly(tuple(one, busy), tuple(two, new Load(1, 2, 3)));
    }

    @Test
    void lapsedInstanceThatNobodyTookOverComesBack() {
        long id = register("pod-a", 3);
        lapse();
        assertThat(store.instances().heartbeat(List.of(new Beat(id, false, Load.UNKNOWN)), LEASE))
                .containsExactly(id);
        assertThat(store.instances().live(pool)).hasSize(1);
    }

    @Test
    void oneHeartbeatCarriesMany() {
        long one = register("pod-a", 3);
        long two = register("pod-b", 3);
        long three = register("pod-c", 3);
        store.instances().deregister(two);
        List<Beat> beats = List.of(
                new Beat(three, true, Load.UNKNOWN),
                new Beat(two, false, Load.UNKNOWN),
                new Beat(one, false, Load.UNKNOWN),
                new Beat(99, false, Load.UNKNOWN));
        assertThat(store.instances().heartbeat(beats, LEASE)).containsExactlyInAnyOrder(one, three);
        assertThat(store.instances().heartbeat(List.of(), LEASE)).isEmpty();
    }

    @Test
    void heartbeatNeverRevivesTheDead() {
        long id = register("pod-a", 3);
        lapse();
        assertThat(store.bindings().takeOver().dead()).containsExactly(id);
        assertThat(store.instances().heartbeat(List.of(new Beat(id, false, Load.UNKNOWN)), LEASE))
                .isEmpty();
        assertThat(store.instances().live(pool)).isEmpty();
        admit();
        assertThat(store.bindings().bind(id, 1)).isEmpty();
    }

    @Test
    void drainingInstanceIsLiveButGetsNothing() {
        long id = register("pod-a", 3);
        beat(id, true);
        admit();
        assertThat(store.bindings().bind(id, 1)).isEmpty();
        assertThat(store.instances().live(pool)).extracting(Instance::free).containsExactly(0);
        beat(id, false);
        assertThat(store.bindings().bind(id, 1)).hasSize(1);
    }

    @Test
    void leavingInstanceHandsBackWithoutBlame() {
        long id = register("pod-a", 3);
        admit();
        Claim claim = bindOne(id).claim();
        Head head = committed(claim, genesis(claim), "one");
        store.instances().deregister(id);
        assertThat(store.instances().live(pool)).isEmpty();
        assertThat(find(claim.uid()).reason()).isEqualTo(Reason.HandedBack);
        assertThat(find(claim.uid()).crashes()).isZero();
        assertThat(find(claim.uid()).head()).isEqualTo(head);
        assertThat(find(claim.uid()).epoch()).isGreaterThan(claim.epoch());
        assertThat(store.bindings().takeOver().dead()).isEmpty();
        store.instances().deregister(id);
        store.instances().deregister(99);
    }
}

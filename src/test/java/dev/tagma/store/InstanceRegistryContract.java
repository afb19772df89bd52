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
        return new Hello(pool, pod, podUid, 3, "test");
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
        Hello elsewhere = new Hello(UUID.randomUUID(), "pod-a", pod, 3, "test");
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

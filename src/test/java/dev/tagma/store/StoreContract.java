package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.StepContent.Feedback;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store with one published pool, and the words in which the contracts of its ports are written. */
abstract class StoreContract {
    static final Duration LEASE = Duration.ofSeconds(10);
    static final AgentPoolSpec POOL =
            new AgentPoolSpec(null, List.of(), List.of(), List.of(), 1, null, null, null, null);

    final UUID pool = UUID.randomUUID();
    StoreFixture store;

    abstract StoreFixture open();

    @BeforeEach
    final void openStore() {
        store = open();
        store.pools().publish(pool, "platform", "analysts", POOL, Map.of());
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    /** A mission's spec with what these tests vary. */
    record Wish(String namespace, int priority, String timeout, String startDeadline, String retention) {
        static final Wish ANY = new Wish("carbon", 0, "5m", null, null);

        Wish namespace(String other) {
            return new Wish(other, priority, timeout, startDeadline, retention);
        }

        Wish priority(int other) {
            return new Wish(namespace, other, timeout, startDeadline, retention);
        }

        Wish timeout(String other) {
            return new Wish(namespace, priority, other, startDeadline, retention);
        }

        Wish startDeadline(String other) {
            return new Wish(namespace, priority, timeout, other, retention);
        }

        Wish retention(String other) {
            return new Wish(namespace, priority, timeout, startDeadline, other);
        }
    }

    final NewMission mission(Wish wish) {
        return mission(wish, false, false);
    }

    final NewMission mission(Wish wish, boolean suspend, boolean cancel) {
        UUID uid = UUID.randomUUID();
        MissionSpec.Retention retention = wish.retention == null ? null : new MissionSpec.Retention(wish.retention);
        MissionSpec spec = new MissionSpec(
                null,
                "analyst",
                "Add two and two.",
                null,
                null,
                null,
                10,
                wish.timeout,
                wish.startDeadline,
                wish.priority,
                null,
                null,
                suspend,
                cancel,
                retention);
        return new NewMission(uid, wish.namespace, "m-" + uid, pool, spec);
    }

    final MissionRecord admit(Wish wish) {
        return store.missions().admit(List.of(mission(wish))).getFirst();
    }

    final MissionRecord admit() {
        return admit(Wish.ANY);
    }

    final MissionRecord find(UUID uid) {
        return store.missions().find(uid).orElseThrow();
    }

    final long register(String pod, int slots) {
        return store.instances().register(new Hello(pool, pod, slots, "test"), LEASE);
    }

    /** A mission that was admitted and bound to an instance of its own. */
    final Binding running(Wish wish) {
        MissionRecord queued = admit(wish);
        Binding binding = bindOne(register("pod-" + queued.id(), 1));
        assertThat(binding.claim().uid()).isEqualTo(queued.uid());
        return binding;
    }

    final Binding running() {
        return running(Wish.ANY);
    }

    final Binding bindOne(long instance) {
        List<Binding> bound = store.bindings().bind(instance, 1);
        assertThat(bound).hasSize(1);
        return bound.getFirst();
    }

    /** Lets the leases of all instances lapse. */
    final void lapse() {
        store.advance(LEASE.plusMillis(1));
    }

    final Head genesis(Claim claim) {
        return Head.genesis(claim.uid());
    }

    static NewStep step(String text) {
        return NewStep.of(new Feedback(Feedback.Topic.Repetition, text), new Usage(1, 2, 3, 4, 5, 6));
    }

    final CommitResult commit(Claim claim, Head base, String text) {
        return store.steps().commit(new Append(claim, base, List.of(step(text)), null));
    }

    /** Commits a step on {@code base}, which must be stored. */
    final Head committed(Claim claim, Head base, String text) {
        CommitResult result = commit(claim, base, text);
        assertThat(result).isInstanceOf(Committed.class);
        return ((Committed) result).head();
    }

    final CommitResult finish(Claim claim, Head base, Outcome outcome) {
        return store.steps().commit(new Append(claim, base, List.of(), outcome));
    }
}

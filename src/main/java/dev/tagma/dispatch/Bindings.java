package dev.tagma.dispatch;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who owns which mission: the compare-and-set changes on which correctness rests. Any number of dispatchers may call them at once.
 */
public interface Bindings {
    /** Pools with missions that could be bound now: Queued, past their earliest time. */
    Set<UUID> pending();

    /** Owners that a mission may lose in a row without progress and still run beside others. */
    int CRASHES_IN_COMPANY = 2;

    /**
     * Owners that a mission loses in a row without progress before it is Failed/CrashLoop: the last three of them alone, since one may
     * be killed from outside (docs/adr/0009).
     */
    int CRASHES = CRASHES_IN_COMPANY + 3;

    /** How long an owner has to end a mission itself whose clock has run out, before the sweep does. */
    Duration DEADLINE_GRACE = Duration.ofSeconds(5);

    /**
     * Gives at most {@code limit} queued missions of the instance's pool to the instance, by priority (high first), then age, where
     * namespaces of equal priority take turns: the first of each, then the second of each, so that a flood from one delays the others
     * by one mission at a time. Pins the pool's latest revision where none is pinned. None where the instance is not Live, its lease
     * has lapsed, no slot is free, or the pool has no revision.
     *
     * <p>A mission that twice lost its owner without progress is given only to an instance that holds nothing, alone, and an instance
     * that holds such a mission gets no other until it has made a step or its losses were none (docs/adr/0014). While one is first in
     * the queue and no instance is empty, the pool's oldest instance gets nothing, so that it becomes empty.
     */
    List<Binding> bind(long instance, int limit);

    /** The ownerships that an instance holds, for a comparison with what it runs. */
    List<Claim> claims(long instance);

    /** What an instance holds: the missions bound to it. Used to heal lost starts and stops. */
    List<Binding> held(long instance);

    /** The binding of {@code claim}, if it is valid and the instance's. */
    Optional<Binding> held(long instance, Claim claim);

    /**
     * Marks the instances Dead whose lease has lapsed by the store's clock, then requeues what they held with a higher epoch
     * (RuntimeLost), counting a crash where no step was committed since the binding; the {@link #CRASHES}th in a row,
     * suffered alone, is Failed/CrashLoop. To be called at least every third of a lease by somebody: a longer pause, a jump of the store's clock or its
     * failover counts as an absence of the store, after which every instance has one whole lease to come back.
     */
    Takeover takeOver();

    /**
     * Closes what events may have missed: Running missions without a Live instance are requeued; missions past their deadline, their
     * start deadline or their wake-up time are failed or requeued; ended missions past their retention lose their steps' content.
     */
    Sweep sweep();

    /**
     * Acquires or renews the dispatch lease of a pool for {@code holder}. Answers the term, rising with each change of holder, or 0
     * where another holds it.
     */
    long lease(UUID pool, String holder, Duration duration);

    /**
     * A mission bound to an instance.
     *
     * @param claim the new ownership
     * @param revision the pinned pool revision
     * @param lastSeq the chain's length at the binding; 0 for a mission that never ran, which needs no read of its tail
     * @param timeLeft of the mission's clock
     */
    record Binding(
            Claim claim,
            String namespace,
            String name,
            UUID pool,
            int revision,
            MissionSpec spec,
            long lastSeq,
            Duration timeLeft,
            int attempts) {}

    /** What a takeover did. */
    record Takeover(List<Long> dead, int requeued, int crashLooped) {}

    /** What a sweep did. */
    record Sweep(int requeued, int woken, int expired, int contentDropped) {}
}

package dev.tagma.gateway.grpc;

import dev.tagma.gateway.ReplicaSession;
import dev.tagma.gateway.access.Caller;
import dev.tagma.wire.Trouble;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** A session whose runtime is connected here: whose it is, what is on its way to it, and which of its calls are in flight. */
final class Attachment {
    /** Calls of one mission in flight: a question, a commit, and its tools. */
    private static final int MAX_CALLS = 24;

    /** Heartbeats in flight: a runtime gives one up before it sends the third after it. */
    private static final int MAX_BEATS = 4;

    /** Missions that have ended, or have another owner by now, may have calls in flight beside those that run. */
    private static final int MISSIONS_PER_SLOT = 2;

    private static final int MORE_MISSIONS = 16;

    private final ReplicaSession session;
    private final Caller owner;
    private final Outbox outbox;
    private final int maxMissions;
    private final Map<Long, Set<String>> inFlight = new ConcurrentHashMap<>();
    private final Semaphore beats = new Semaphore(MAX_BEATS);

    /** {@code slots} are the missions that the runtime runs at a time. */
    Attachment(ReplicaSession session, Caller owner, Outbox outbox, int slots) {
        this.session = session;
        this.owner = owner;
        this.outbox = outbox;
        this.maxMissions = MISSIONS_PER_SLOT * slots + MORE_MISSIONS;
    }

    ReplicaSession session() {
        return session;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Throws where {@code caller} is not the pod whose session this is. */
    void check(Caller caller) {
        boolean same = caller.user().equals(owner.user())
                && Objects.equals(caller.podUid().orElse(null), owner.podUid().orElse(null));
        if (!same) {
            throw Trouble.REFUSED.because("instance " + session.instance() + " is of another pod than "
                    + caller.podName().orElse(caller.user()));
        }
    }

    /** Whether this is of a process of the same pod before {@code other}: a pod has one at a time. */
    boolean formerOf(Attachment other) {
        return session.instance() < other.session.instance()
                && owner.podUid().isPresent()
                && owner.podUid().equals(other.owner.podUid());
    }

    /** A heartbeat begins. Throws where too many are in flight. */
    Flight beat() {
        if (!beats.tryAcquire()) {
            throw Trouble.BUSY.because(
                    "instance " + session.instance() + " has " + MAX_BEATS + " heartbeats in flight already");
        }
        return beats::release;
    }

    /** A call of this kind begins for the mission. Throws where one is in flight, or too many of any kind. */
    Flight enter(long mission, String kind) {
        if (inFlight.size() >= maxMissions && !inFlight.containsKey(mission)) {
            throw Trouble.BUSY.because(
                    "instance " + session.instance() + " has calls for " + maxMissions + " missions in flight already");
        }
        inFlight.compute(mission, (id, present) -> {
            Set<String> kinds = present == null ? new HashSet<>(2) : present;
            if (kinds.size() >= MAX_CALLS || !kinds.add(kind)) {
                throw Trouble.BUSY.because("mission " + mission + " has a " + kind + " in flight already, or more than "
                        + MAX_CALLS + " calls");
            }
            return kinds;
        });
        return () -> inFlight.computeIfPresent(mission, (id, kinds) -> {
            kinds.remove(kind);
            return kinds.isEmpty() ? null : kinds;
        });
    }

    /** A call in flight, until it is closed. */
    interface Flight extends AutoCloseable {
        @Override
        void close();
    }
}

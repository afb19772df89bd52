package dev.tagma.runtime;

import dev.tagma.agent.FakeGatewaySession;
import dev.tagma.agent.FakeMission;
import dev.tagma.mission.Claim;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.GatewayLink;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.RuntimeInbox;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway in memory: its sessions, what each instance holds, and a lease that a test can break. */
final class FakeGateway implements GatewayLink {
    private final List<Long> formers = new CopyOnWriteArrayList<>();
    private final List<FakeSession> sessions = new CopyOnWriteArrayList<>();
    private final Map<Long, Set<FakeMission>> held = new ConcurrentHashMap<>();
    private final Map<Long, FakeMission> missions = new ConcurrentHashMap<>();
    private volatile Lease lease = Lease.Live;

    /** What becomes of a heartbeat. */
    enum Lease {
        Live,
        Dead,
        StoreAway,
        Unreachable
    }

    void lease(Lease next) {
        lease = next;
    }

    List<FakeSession> sessions() {
        return sessions;
    }

    FakeSession session() {
        return sessions.getLast();
    }

    /** Binds the mission to the instance of the last session, without telling it. */
    void bind(FakeMission mission) {
        missions.put(mission.claim().mission(), mission);
        sessions.forEach(session -> session.add(mission));
        held.values().forEach(set -> set.remove(mission));
        held.get(session().instance()).add(mission);
    }

    /** Takes the mission from whoever holds it, without telling anybody. */
    void unbind(FakeMission mission) {
        held.values().forEach(set -> set.remove(mission));
        mission.takeOver();
    }

    /** Binds the mission and starts it. */
    void start(FakeMission mission) {
        bind(mission);
        session().inbox.start(mission.start());
    }

    @Override
    public GatewaySession open(Hello hello, RuntimeInbox inbox) {
        if (lease == Lease.Unreachable) {
            throw new IllegalStateException("unreachable");
        }
        FakeSession session = new FakeSession(sessions.size() + 1, inbox);
        formers.add(hello.former());
        held.put(session.instance(), ConcurrentHashMap.newKeySet());
        missions.values().forEach(session::add);
        sessions.add(session);
        return session;
    }

    /** Which instance each session's process says that it was. */
    List<Long> formers() {
        return formers;
    }

    final class FakeSession extends FakeGatewaySession {
        private final long number;
        private final RuntimeInbox inbox;
        private final List<Boolean> beats = new CopyOnWriteArrayList<>();
        private volatile boolean left;

        FakeSession(long number, RuntimeInbox inbox) {
            this.number = number;
            this.inbox = inbox;
        }

        RuntimeInbox inbox() {
            return inbox;
        }

        /** One entry per heartbeat that arrived: whether it was draining. */
        List<Boolean> beats() {
            return beats;
        }

        boolean left() {
            return left;
        }

        @Override
        public long instance() {
            return number;
        }

        @Override
        public boolean heartbeat(Heartbeat beat) {
            switch (lease) {
                case StoreAway -> throw new StoreUnavailableException("away", null);
                case Unreachable -> throw new IllegalStateException("unreachable");
                case Dead -> {
                    return false;
                }
                case Live -> heal(beat.running());
            }
            beats.add(beat.draining());
            return true;
        }

        private void heal(Collection<Claim> running) {
            Set<Claim> extra = new HashSet<>(running);
            for (FakeMission mission : held.get(number)) {
                if (mission.outcome() == null && !extra.remove(mission.claim())) {
                    inbox.start(mission.start());
                }
            }
            extra.forEach(inbox::stop);
        }

        /** What is handed back is nobody's: no heartbeat starts it here again. */
        @Override
        public boolean release(Claim claim, Release release) {
            boolean released = super.release(claim, release);
            if (released) {
                held.get(number).removeIf(mission -> mission.claim().mission() == claim.mission());
            }
            return released;
        }

        @Override
        public void close() {
            left = true;
        }
    }
}

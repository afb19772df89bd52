package dev.tagma.runtime.grpc;

import dev.tagma.agent.AlarmClock;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.RuntimeInbox;
import dev.tagma.wire.EndWire;
import dev.tagma.wire.Protocol;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.Claim;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Keeps a session on a line: replaces a broken one by one to the next replica, until that says that the instance is dead. */
final class Redial {
    private static final Logger LOG = System.getLogger(Redial.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 25;
    private static final int LAST_DOUBLING = 5;
    private static final Duration HAND_BACK_AFTER = Duration.ofSeconds(5);

    private final Parts parts;
    private final ConnectRequest hello;
    private final RuntimeInbox inbox;
    private final Line.Ends ends = new Line.Ends(this::from, this::handBack);
    private final ReentrantLock change = new ReentrantLock();
    private final Set<Claim> returning = ConcurrentHashMap.newKeySet();
    private volatile Line line;
    private volatile long instance;
    private volatile Duration lease;
    private volatile boolean dead;
    private volatile boolean closed;

    /** What lines are made of. */
    record Parts(
            Channels channels,
            BearerToken token,
            GrpcLinkSettings settings,
            AlarmClock clock,
            RandomGenerator random) {}

    /** Connects a new instance. Throws StatusRuntimeException where no address lets it in. */
    Redial(Parts parts, Hello hello, RuntimeInbox inbox) {
        this.parts = parts;
        this.inbox = inbox;
        this.hello = ConnectRequest.newBuilder()
                .setPool(hello.pool().toString())
                .setSlots(hello.slots())
                .setVersion(hello.version())
                .setPod(hello.pod())
                .setFormer(hello.former())
                .addAllProtocols(Protocol.VERSIONS)
                .build();
        accept(first());
    }

    private Line first() {
        StatusRuntimeException failure = null;
        for (int i = 0; i < parts.settings.addresses().size(); i++) {
            try {
                return connect(parts.settings.callTimeout());
            } catch (StatusRuntimeException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private Line connect(Duration wait) {
        ManagedChannel channel = parts.channels.next();
        try {
            return Line.connect(
                    channel, hello.toBuilder().setInstance(instance).build(), parts.token, inbox, ends, wait);
        } catch (StatusRuntimeException e) {
            throw TlsTrouble.explain(e, channel.authority(), parts.settings);
        }
    }

    /** The line of the moment, or null. */
    Line line() {
        return line;
    }

    Duration lease() {
        return lease;
    }

    /** Whether a replica has said that the instance is dead. */
    boolean dead() {
        return dead;
    }

    /** {@code broken} is of no use any more. It is ended once another has taken its place: to its gateway its end looks like that of a process. */
    void from(Line broken) {
        change.lock();
        try {
            if (line != broken || closed) {
                return;
            }
            line = null;
        } finally {
            change.unlock();
        }
        Thread.ofVirtual().name("redial-" + hello.getPod()).start(() -> {
            again();
            broken.retire();
        });
    }

    private void again() {
        for (int failures = 0; !closed; failures++) {
            try {
                accept(connect(lease));
                return;
            } catch (StatusRuntimeException e) {
                if (Trouble.of(e)
                        .filter(trouble -> trouble == Trouble.INSTANCE_DEAD)
                        .isPresent()) {
                    dead = true;
                    return;
                }
                LOG.log(
                        failures == 0 ? Level.INFO : Level.DEBUG,
                        "{0} dials again: {1}",
                        hello.getPod(),
                        e.getMessage());
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, hello.getPod() + " cannot dial", e);
            }
            pause(failures);
        }
    }

    private void accept(Line fresh) {
        change.lock();
        try {
            if (!closed) {
                instance = fresh.welcome().getInstance();
                lease = Duration.ofMillis(fresh.welcome().getLeaseMillis());
                line = fresh;
                return;
            }
        } finally {
            change.unlock();
        }
        fresh.cut();
    }

    private void pause(int failures) {
        long most = FIRST_PAUSE_MILLIS << Math.min(failures, LAST_DOUBLING);
        CountDownLatch over = new CountDownLatch(1);
        try (AlarmClock.Alarm alarm =
                parts.clock.ring(Duration.ofMillis(most / 2 + parts.random.nextLong(most / 2 + 1)), over::countDown)) {
            over.await();
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    /** No line follows the one that is answered, if there is one. */
    Line hangUp() {
        change.lock();
        try {
            closed = true;
            Line last = line;
            line = null;
            return last;
        } finally {
            change.unlock();
        }
    }

    /**
     * Another runtime, perhaps of a newer version, may read what this one cannot. The mission may come back all the same, so that it is not
     * handed back at once.
     */
    private void handBack(Claim claim) {
        if (returning.add(claim)) {
            parts.clock.ring(HAND_BACK_AFTER, () -> Thread.ofVirtual().start(() -> release(claim)));
        }
    }

    private void release(Claim claim) {
        returning.remove(claim);
        Line now = line;
        if (now == null) {
            return;
        }
        try {
            now.calls(parts.token, parts.settings.callTimeout())
                    .release(EndWire.encode(
                                    new Release.HandBack(),
                                    ReleaseRequest.newBuilder()
                                            .setInstance(instance)
                                            .setClaim(claim))
                            .build());
        } catch (StatusRuntimeException e) {
            LOG.log(Level.INFO, "mission {0} is not handed back yet: {1}", claim.getUid(), e.getMessage());
        }
    }
}

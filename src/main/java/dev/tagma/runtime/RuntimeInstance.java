package dev.tagma.runtime;

import dev.tagma.agent.AlarmClock;
import dev.tagma.agent.MissionControl;
import dev.tagma.agent.ReactLoop;
import dev.tagma.mission.Claim;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.GatewayLink;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.link.Hello;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One runtime instance: runs what its gateway starts, each mission on a virtual thread, and keeps the lease by heartbeats from a thread
 * of their own. Where the lease is lost it stops everything, since all of it would be fenced, and says Hello anew.
 */
public final class RuntimeInstance implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RuntimeInstance.class.getName());
    private static final int BEATS_PER_LEASE = 4;
    private static final Duration REDIAL = Duration.ofMillis(500);
    /** After the grace, how long hand-backs may take before the lease is left to lapse. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final GatewayLink link;
    private final Hello hello;
    private final ReactLoop loop;
    private final AlarmClock clock;
    private final RuntimeSettings settings;
    private final Semaphore beats = new Semaphore(0);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Thread heart;
    private final ReentrantLock dialing = new ReentrantLock();
    private volatile Connection connection;
    private volatile GatewaySession session;
    private volatile boolean draining;
    private volatile boolean stopped;
    private volatile long renewedAt;
    private long renewals;

    private RuntimeInstance(GatewayLink link, Hello hello, ReactLoop loop, AlarmClock clock, RuntimeSettings settings) {
        this.link = link;
        this.hello = hello;
        this.loop = loop;
        this.clock = clock;
        this.settings = settings;
        // a platform thread: missions that keep every carrier busy must not cost the lease
        this.heart =
                Thread.ofPlatform().name("heartbeat-" + hello.pod()).daemon().unstarted(this::beat);
    }

    /** Says Hello and runs missions until closed. Throws what the gateway throws where it cannot be reached at first. */
    public static RuntimeInstance start(
            GatewayLink link, Hello hello, ReactLoop loop, AlarmClock clock, RuntimeSettings settings) {
        RuntimeInstance instance = new RuntimeInstance(link, hello, loop, clock, settings);
        instance.dial();
        instance.heart.start();
        return instance;
    }

    /** The instance's number in its present session. */
    public long instance() {
        return session.instance();
    }

    /** Whether its lease holds, as far as it knows, and it takes missions. */
    public boolean serving() {
        return !draining && clock.nanoTime() - renewedAt < session.lease().toNanos();
    }

    /** How many missions run here. */
    public int running() {
        return connection.size();
    }

    /** Begins to drain and to leave; {@link #close} waits for the end of it. */
    public void drain() {
        if (closing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("drain-" + hello.pod()).start(this::leave);
        }
    }

    /** Finishes the tools in flight within the grace, hands every mission back, and leaves. */
    @Override
    public void close() {
        drain();
        closed.join();
    }

    /** Stops everything at once and leaves: the steps in work are lost, the next owner goes on behind the last committed ones. */
    public void stop() {
        if (closing.compareAndSet(false, true)) {
            Connection last = lastConnection();
            part(last);
        }
        closed.join();
    }

    private void leave() {
        Connection last = lastConnection();
        CompletableFuture<Void> over = last.drainAll();
        beats.release();
        Duration grace = settings.drainGrace();
        try (AlarmClock.Alarm impatient = clock.ring(grace, () -> last.each(MissionControl::handBack));
                AlarmClock.Alarm silent = clock.ring(grace.plus(LAST_WORDS), () -> {
                    last.abandon();
                    over.complete(null);
                })) {
            over.join();
        } finally {
            part(last);
        }
    }

    private void part(Connection last) {
        stopped = true;
        beats.release();
        last.abandon();
        hangUp();
        closed.complete(null);
    }

    private void hangUp() {
        try {
            session.close();
        } catch (RuntimeException e) {
            LOG.log(Level.INFO, "{0} left without a word, its lease lapses: {1}", hello.pod(), e.getMessage());
        }
    }

    /** From here on no session follows the present one. */
    private Connection lastConnection() {
        dialing.lock();
        try {
            draining = true;
            return connection;
        } finally {
            dialing.unlock();
        }
    }

    private void dial() {
        Connection fresh = new Connection(loop, settings.recorder(), this::drain);
        long asked = clock.nanoTime();
        GatewaySession opened;
        try {
            opened = link.open(session == null ? hello : hello.after(session.instance()), fresh);
        } catch (RuntimeException e) {
            fresh.abandon();
            throw e;
        }
        session = opened;
        connection = fresh;
        renewedAt = asked;
        fresh.opened(opened);
    }

    private void beat() {
        while (!stopped) {
            try (AlarmClock.Alarm next = clock.ring(session.lease().dividedBy(BEATS_PER_LEASE), beats::release)) {
                beats.acquire();
                beats.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
            if (!stopped) {
                renew();
            }
        }
    }

    private void renew() {
        Connection current = connection;
        Set<Claim> running = current.running();
        long asked = clock.nanoTime();
        try {
            boolean live = session.heartbeat(
                    new Heartbeat(running, draining, settings.load().get()));
            if (stopped) {
                return;
            }
            if (live) {
                renewedAt = asked;
                renewals++;
                if (renewals % BEATS_PER_LEASE == 0) {
                    current.forgetEnded();
                }
                return;
            }
            LOG.log(Level.WARNING, "{0} was declared dead: its missions are another''s by now", hello.pod());
        } catch (StoreUnavailableException e) {
            // nobody is declared dead while the store is away, so the missions wait and go on
            LOG.log(Level.DEBUG, "no heartbeat of {0}: {1}", hello.pod(), e.getMessage());
            return;
        } catch (RuntimeException e) {
            Duration silent = Duration.ofNanos(clock.nanoTime() - renewedAt);
            if (silent.compareTo(session.lease()) < 0) {
                LOG.log(Level.INFO, "no heartbeat of {0} for {1}: {2}", hello.pod(), silent, e.getMessage());
                return;
            }
            LOG.log(Level.WARNING, "the lease of {0} has lapsed, no heartbeat for {1}", hello.pod(), silent);
        }
        current.abandon();
        hangUp();
        settings.recorder().sessionLost();
        redial();
    }

    private void redial() {
        while (!redialed()) {
            try (AlarmClock.Alarm next = clock.ring(REDIAL, beats::release)) {
                beats.acquire();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean redialed() {
        dialing.lock();
        try {
            if (!draining) {
                dial();
            }
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "{0} dials again in {1}: {2}", hello.pod(), REDIAL, e.getMessage());
            return false;
        } finally {
            dialing.unlock();
        }
    }
}

package dev.tagma.gateway;

import dev.tagma.mission.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Repeats a level-triggered round: at once after a hint or while it finds work, else after a pause. One thread; a round never overlaps. */
final class Loop implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Loop.class.getName());

    private final Semaphore hints = new Semaphore(0);
    private final Duration pause;
    private final BooleanSupplier round;
    private final Thread thread;
    private volatile boolean closed;

    private Loop(String name, Duration pause, BooleanSupplier round) {
        this.pause = pause;
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Runs {@code round} until closed; it answers whether it found work and wants to go on at once. */
    static Loop start(String name, Duration pause, BooleanSupplier round) {
        Loop loop = new Loop(name, pause, round);
        loop.thread.start();
        return loop;
    }

    void wake() {
        if (hints.availablePermits() == 0) {
            hints.release();
        }
    }

    private void run() {
        while (!closed) {
            try {
                if (!again()) {
                    hints.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
                    hints.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /**
     * A round that fails is repeated like any other: its reason is a store that is away, or a bug that must not end the loop. Errors too: a
     * process that beats and binds nothing is worse than one that tries again.
     */
    private boolean again() {
        try {
            return round.getAsBoolean();
        } catch (StoreUnavailableException e) {
            LOG.log(Level.INFO, "{0} waits for the store: {1}", thread.getName(), e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a round of " + thread.getName() + " failed", e);
        }
        return false;
    }

    /** Ends after the round in work. */
    @Override
    public void close() {
        closed = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

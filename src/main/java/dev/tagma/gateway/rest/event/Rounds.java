package dev.tagma.gateway.rest.event;

import dev.tagma.mission.StoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** Looks again and again on a thread of its own: soon after a hint, and after a pause without one. */
final class Rounds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());
    /** Between two looks, so that a thousand hints a second are not a thousand looks. */
    private static final Duration BREATH = Duration.ofMillis(10);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Bell bell = new Bell();
    private final Runnable look;
    private volatile boolean closed;

    Rounds(Runnable look) {
        this.look = look;
    }

    void start(ThreadFactory threads) {
        threads.newThread(this::run).start();
    }

    void hint() {
        bell.ring();
    }

    private void run() {
        while (!closed) {
            long rings = bell.rings();
            try {
                look.run();
            } catch (StoreUnavailableException e) {
                LOG.log(Level.INFO, "events wait for the database: {0}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a look at what changed failed", e);
            }
            new Bell().await(0, BREATH);
            if (!closed) {
                bell.await(rings, PAUSE);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        bell.ring();
    }
}

package dev.tagma.operator.mission;

import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.mission.StoreUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A task that a thread of its own repeats: at once when woken, every so often otherwise; trouble ends a round, never the rounds. */
final class Rounds {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());

    private final String name;
    private final Duration every;
    private final Duration breath;
    private final Runnable round;
    private final Semaphore news = new Semaphore(0);
    private Thread thread;

    /** @param breath the least time between two rounds: what comes meanwhile is one round */
    Rounds(String name, Duration every, Duration breath, Runnable round) {
        this.name = name;
        this.every = every;
        this.breath = breath;
        this.round = round;
    }

    void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** The next round begins as soon as it may. */
    void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    void stop() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                once();
                Thread.sleep(breath);
                if (news.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() {
        try {
            round.run();
        } catch (StoreUnavailableException | CatalogUnavailableException | KubernetesClientException e) {
            LOG.log(Level.DEBUG, "{0} waits: {1}", name, e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, name + ": a round failed, the next one tries again", e);
        }
    }
}

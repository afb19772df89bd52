package dev.tagma.store;

import dev.tagma.mission.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The pauses of one caller that tries again until its patience is spent: from 1 ms, doubled, at most 250 ms, half of it by chance. */
final class Retry {
    private static final long LONGEST_MICROS = 250_000;

    private final Duration patience;
    private final long start = System.nanoTime();
    private long micros = 1_000;

    Retry(Duration patience) {
        this.patience = patience;
    }

    /** Waits before another attempt; throws StoreUnavailableException where there is no time left for one. */
    void pause(String why, Exception cause) {
        try {
            if (System.nanoTime() - start > patience.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException(why + "; given up after " + patience, cause);
            }
            Thread.sleep(Duration.ofNanos(
                    1_000 * (micros / 2 + ThreadLocalRandom.current().nextLong(micros / 2 + 1))));
            micros = Math.min(2 * micros, LONGEST_MICROS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted: " + why, e);
        }
    }
}

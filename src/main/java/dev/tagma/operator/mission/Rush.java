package dev.tagma.operator.mission;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether missions enter faster than an API server takes their statuses: a status costs it three times what a creation does, so saying of
 * each that it is queued would keep those behind it out of the queue.
 */
final class Rush {
    /** Missions admitted within {@link #WINDOW} that make a rush. */
    static final int MANY = 50;

    static final Duration WINDOW = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final long[] admitted = new long[MANY];
    private long count;

    Rush(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** One more has entered. */
    synchronized void admitted() {
        admitted[(int) (count++ % MANY)] = nanoTime.getAsLong();
    }

    synchronized boolean isOn() {
        return count >= MANY && nanoTime.getAsLong() - admitted[(int) (count % MANY)] < WINDOW.toNanos();
    }
}

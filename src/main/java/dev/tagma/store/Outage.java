package dev.tagma.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Says once that work waits for the database, and once that it goes on: when nothing has failed for a second, since some of it may still fit. */
final class Outage {
    private static final Logger LOG = System.getLogger(Outage.class.getName());
    private static final long CALM_NANOS = Duration.ofSeconds(1).toNanos();

    private final String what;
    private final Level level;
    private final LongSupplier nanoTime;
    private final AtomicBoolean said = new AtomicBoolean();
    private volatile long lastFailure;

    Outage(String what, Level level, LongSupplier nanoTime) {
        this.what = what;
        this.level = level;
        this.nanoTime = nanoTime;
    }

    /** Whether work waits for the database now. */
    boolean lasts() {
        return said.get();
    }

    void failed(Exception why) {
        lastFailure = nanoTime.getAsLong();
        if (said.compareAndSet(false, true)) {
            LOG.log(level, "{0} wait for the database: {1}", what, why.getMessage());
        }
    }

    void succeeded() {
        if (said.get() && nanoTime.getAsLong() - lastFailure > CALM_NANOS && said.compareAndSet(true, false)) {
            LOG.log(level, "{0} go on, the database is back", what);
        }
    }
}

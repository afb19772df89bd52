package dev.tagma.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Somebody's wish, once, that the program ends: also how a loop pauses between two rounds. */
public final class Stop {
    private final CountDownLatch requested = new CountDownLatch(1);
    private volatile boolean heeded;

    /** Promises to end soon after a request: who does not is ended without being asked. */
    void heed() {
        heeded = true;
    }

    /** Whether somebody promised to end when asked. */
    boolean heeded() {
        return heeded;
    }

    /** Asks for the end. Safe to repeat. */
    public void request() {
        requested.countDown();
    }

    /** Whether the end was asked for. */
    public boolean requested() {
        return requested.getCount() == 0;
    }

    /** Pauses, less where the end is asked for meanwhile. True once it was asked for; an interrupt asks for it too. */
    public boolean await(Duration pause) {
        try {
            return requested.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            request();
            return true;
        }
    }
}

package dev.tagma.model;

import java.time.Duration;

/** How to wait: the thread's own sleep, or in tests a clock that is moved. */
@FunctionalInterface
public interface Sleeper {
    /** Sleeps on the calling (virtual) thread. */
    Sleeper SYSTEM = Thread::sleep;

    /** Returns after {@code duration}, or throws at once when the thread is interrupted. */
    void sleep(Duration duration) throws InterruptedException;
}

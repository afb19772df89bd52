package dev.tagma.agent;

import java.time.Duration;

/** Time as a loop needs it: monotonic, with alarms, so that no thread has to wait beside each mission. */
public interface AlarmClock {
    /** Monotonic nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Runs {@code action}, which must not block, once after {@code delay}; at once where it is not positive. */
    Alarm ring(Duration delay, Runnable action);

    /** An alarm that was set. */
    @FunctionalInterface
    interface Alarm extends AutoCloseable {
        /** Takes the alarm back; it may be ringing already. */
        @Override
        void close();
    }
}

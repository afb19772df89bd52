package dev.tagma.runtime;

import dev.tagma.agent.AlarmClock;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's monotonic clock; one thread rings the alarms of all missions. */
public final class SystemAlarmClock implements AlarmClock, AutoCloseable {
    private final ScheduledThreadPoolExecutor bell = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("alarm-clock").daemon().factory());

    /** A clock that rings until it is closed. */
    public SystemAlarmClock() {
        // almost every alarm is taken back long before it is due
        bell.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Alarm ring(Duration delay, Runnable action) {
        if (!delay.isPositive()) {
            action.run();
            return () -> {};
        }
        Future<?> set = bell.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> set.cancel(false);
    }

    @Override
    public void close() {
        bell.shutdownNow();
    }
}

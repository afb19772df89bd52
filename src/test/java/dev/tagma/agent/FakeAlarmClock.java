package dev.tagma.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A clock that stands still until a test moves it; alarms ring on the thread of the test. */
public final class FakeAlarmClock implements AlarmClock {
    private final List<Set> alarms = new ArrayList<>();
    private long now = 1_000_000_000L;

    private record Set(long at, Runnable action) {}

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public Alarm ring(Duration delay, Runnable action) {
        if (!delay.isPositive()) {
            action.run();
            return () -> {};
        }
        synchronized (this) {
            Set alarm = new Set(now + delay.toNanos(), action);
            alarms.add(alarm);
            return () -> remove(alarm);
        }
    }

    /** Moves the time, and rings what becomes due on the way, in order. */
    public void advance(Duration by) {
        long until = nanoTime() + by.toNanos();
        for (Set due = next(until); due != null; due = next(until)) {
            due.action().run();
        }
    }

    /** Awaits what other threads do at this very moment of the clock. */
    public static ConditionFactory soon() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    /** How many alarms are set. */
    public synchronized int waiting() {
        return alarms.size();
    }

    private synchronized Set next(long until) {
        Set due = alarms.stream()
                .filter(alarm -> alarm.at() <= until)
                .min(Comparator.comparingLong(Set::at))
                .orElse(null);
        now = due == null ? until : Math.max(now, due.at());
        alarms.removeIf(alarm -> alarm == due);
        return due;
    }

    private synchronized void remove(Set alarm) {
        alarms.removeIf(other -> other == alarm);
    }
}

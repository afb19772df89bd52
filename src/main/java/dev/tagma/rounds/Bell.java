package dev.tagma.rounds;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes all that wait; a ring before the wait is not missed. */
public final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long rings;

    /** How often it rang: to be taken before looking, and handed to {@link #await}. */
    public long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits. */
    public void ring() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns once it rang after {@code seen}, or the time is over. */
    public void await(long seen, Duration most) {
        long left = most.toNanos();
        lock.lock();
        try {
            while (rings == seen && left > 0) {
                left = rung.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}

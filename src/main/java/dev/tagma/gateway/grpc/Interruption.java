package dev.tagma.gateway.grpc;

import io.grpc.Context;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Ends the wait of the present thread where the runtime cancels its call. A call that ended with its whole line goes on: the runtime did not
 * ask for its end, and finds what it brought when it asks again.
 */
final class Interruption implements Context.CancellationListener, AutoCloseable {
    /** After a broken line all its calls end at once, but one after the other. */
    private static final Duration LOOK_AFTER = Duration.ofMillis(500);

    private final Thread thread = Thread.currentThread();
    private final Context context = Context.current();
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduledExecutorService timer;
    private final BooleanSupplier connected;
    private boolean over;

    private Interruption(ScheduledExecutorService timer, BooleanSupplier connected) {
        this.timer = timer;
        this.connected = connected;
    }

    /** Until it is closed; {@code connected} tells whether the runtime's line holds. */
    static Interruption onCancel(ScheduledExecutorService timer, BooleanSupplier connected, Executor executor) {
        Interruption interruption = new Interruption(timer, connected);
        interruption.context.addListener(interruption, executor);
        return interruption;
    }

    @Override
    public void cancelled(Context ended) {
        timer.schedule(this::look, LOOK_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        lock.lock();
        try {
            if (!over && connected.getAsBoolean()) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        context.removeListener(this);
        lock.lock();
        try {
            over = true;
            // the thread's next call is not meant
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }
}

package dev.tagma.e2e;

import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks every tenth of a second whether a gateway is ready, from its beginning to its end. */
final class Availability implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> looks =
            thread.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    private long last = System.nanoTime();
    private volatile Duration without = Duration.ZERO;

    private void look() {
        boolean ready = Tagma.pods("gateway").stream().anyMatch(Readiness::isPodReady);
        long now = System.nanoTime();
        if (!ready) {
            without = without.plusNanos(now - last);
        }
        last = now;
    }

    /** For how long there was none so far. */
    Duration without() throws InterruptedException, ExecutionException {
        if (looks.isDone()) {
            looks.get();
        }
        return without;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

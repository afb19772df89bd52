package dev.tagma.agent;

import dev.tagma.mission.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/** Waits while the store is away: the same request again, after pauses that grow to two seconds and are spread, so that not all come at once. */
final class Patience {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 2_000;
    private static final int LAST_DOUBLING = 6;

    private final AlarmClock clock;
    private final RandomGenerator random;

    Patience(AlarmClock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** A request to the gateway. */
    @FunctionalInterface
    interface Request<T> {
        T send() throws InterruptedException;
    }

    /** How the caller waits. */
    @FunctionalInterface
    interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    /** The request's answer, once the store is there. */
    <T> T persist(Request<T> request, Pause pause) throws InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                return request.send();
            } catch (StoreUnavailableException e) {
                pause.take(duration(failures));
            }
        }
    }

    /** Waits on this clock. */
    void sleep(Duration duration) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (AlarmClock.Alarm alarm = clock.ring(duration, over::countDown)) {
            over.await();
        }
    }

    private Duration duration(int failures) {
        long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures, LAST_DOUBLING));
        return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
    }
}

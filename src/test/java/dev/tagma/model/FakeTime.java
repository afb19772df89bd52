package dev.tagma.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A clock that moves when somebody sleeps, and remembers each sleep. */
final class FakeTime implements Sleeper, InstantSource {
    private final List<Duration> sleeps = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    @Override
    public void sleep(Duration duration) {
        sleeps.add(duration);
        pass(duration);
    }

    void pass(Duration duration) {
        passed = passed.plus(duration);
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plus(passed);
    }

    long nanoTime() {
        return passed.toNanos();
    }

    List<Duration> sleeps() {
        return sleeps;
    }
}

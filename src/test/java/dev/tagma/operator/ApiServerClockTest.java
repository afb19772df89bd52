package dev.tagma.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ApiServerClockTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final Duration OFF = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Deque<CompletableFuture<Instant>> asked = new ArrayDeque<>();
    private final ApiServerClock clock = new ApiServerClock(this::ask, InstantSource.fixed(NOW.plus(OFF)), nanos::get);

    private CompletableFuture<Instant> ask() {
        asked.add(new CompletableFuture<>());
        return asked.getLast();
    }

    @Test
    void aLocalClockThatIsMinutesOffCountsUntilTheServerAnswered() {
        assertThat(clock.instant()).isEqualTo(NOW.plus(OFF));
        asked.poll().complete(NOW);
        pass(Duration.ofSeconds(3));
        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(3));
        assertThat(asked).isEmpty();
    }

    @Test
    void theServerIsAskedAgainEveryMinuteAndOnceAtATime() {
        clock.instant();
        asked.poll().complete(NOW);
        pass(Duration.ofSeconds(59));
        clock.instant();
        assertThat(asked).isEmpty();
        pass(Duration.ofSeconds(1));
        clock.instant();
        clock.instant();
        assertThat(asked).hasSize(1);
        asked.poll().complete(NOW.plusSeconds(70));
        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(70));
    }

    @Test
    void whileTheServerIsAwayTimeIsCountedOn() {
        clock.instant();
        asked.poll().complete(NOW);
        for (int minute = 1; minute <= 3; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(clock.instant()).isEqualTo(NOW.plus(Duration.ofMinutes(minute)));
            asked.poll().completeExceptionally(new IllegalStateException("away"));
        }
        pass(Duration.ofMinutes(1));
        clock.instant();
        assertThat(asked).hasSize(1);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}

package dev.tagma.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BellTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Bell bell = new Bell();

    @Test
    void aRingBeforeTheWaitIsNotMissed() {
        long seen = bell.rings();
        bell.ring();
        bell.await(seen, LONG);
        assertThat(bell.rings()).isEqualTo(seen + 1);
    }

    @Test
    void oneRingWakesAllThatWait() throws InterruptedException {
        CountDownLatch woken = new CountDownLatch(50);
        long seen = bell.rings();
        for (int i = 0; i < 50; i++) {
            Thread.startVirtualThread(() -> {
                bell.await(seen, LONG);
                woken.countDown();
            });
        }
        bell.ring();
        assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aWaitWithoutARingEnds() {
        long seen = bell.rings();
        bell.await(seen, Duration.ofMillis(1));
        assertThat(bell.rings()).isEqualTo(seen);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        Thread.currentThread().interrupt();
        bell.await(bell.rings(), LONG);
        assertThat(Thread.interrupted()).isTrue();
    }
}

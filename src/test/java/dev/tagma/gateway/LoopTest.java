package dev.tagma.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopTest {
    @Test
    void anErrorEndsItsRoundAndNotTheLoop() throws Exception {
        CountDownLatch rounds = new CountDownLatch(3);
        try (Loop loop = Loop.start("round", Duration.ofMillis(1), () -> {
            rounds.countDown();
            throw new NoClassDefFoundError("a library is missing, as this test wants it");
        })) {
            loop.wake();
            assertThat(rounds.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}

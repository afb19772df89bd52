package dev.tagma.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Pace ON_HINTS = new Pace(LONG, Duration.ZERO);
    private static final Pace QUICK = new Pace(Duration.ofMillis(1), Duration.ZERO);

    @Test
    void theFirstRoundNeedsNoHint() {
        Counter counter = new Counter();
        try (Rounds rounds = started(ON_HINTS, counter)) {
            counter.awaitRounds(1);
            assertThat(counter.begun()).isOne();
        }
    }

    @Test
    void aHintIsFollowedByARound() {
        Counter counter = new Counter();
        try (Rounds rounds = started(ON_HINTS, counter)) {
            counter.awaitRounds(1);
            rounds.hint();
            counter.awaitRounds(2);
        }
    }

    @Test
    void withoutAHintTheNextRoundComesAfterThePause() {
        Counter counter = new Counter();
        try (Rounds rounds = started(QUICK, counter)) {
            counter.awaitRounds(5);
        }
    }

    @Test
    void aHintDuringARoundIsFollowedByAnother() {
        Semaphore may = new Semaphore(0);
        Counter counter = new Counter(() -> {
            may.acquireUninterruptibly();
            return false;
        });
        try (Rounds rounds = started(ON_HINTS, counter)) {
            counter.awaitRounds(1);
            rounds.hint();
            may.release(2);
            counter.awaitRounds(2);
        }
    }

    @Test
    void manyHintsAreOneRoundWithinABreath() {
        Counter counter = new Counter();
        try (Rounds rounds = started(new Pace(LONG, LONG), counter)) {
            counter.awaitRounds(1);
            for (int i = 0; i < 1_000; i++) {
                rounds.hint();
            }
            assertThat(counter.begun()).isOne();
            rounds.cancel();
            rounds.join();
            assertThat(counter.begun()).isOne();
        }
    }

    @Test
    void aRoundThatFoundWorkIsFollowedByAnotherAtOnce() {
        AtomicInteger work = new AtomicInteger(3);
        Counter counter = new Counter(() -> work.getAndDecrement() > 0);
        try (Rounds rounds = started(ON_HINTS, counter)) {
            counter.awaitRounds(4);
            assertThat(work).hasValue(-1);
        }
    }

    @Test
    void troubleAndErrorsEndTheirRoundAndNotTheRounds() {
        AtomicInteger count = new AtomicInteger();
        Counter counter = new Counter(() -> {
            switch (count.getAndIncrement() % 3) {
                case 0 -> throw new IllegalStateException("the database is away, as this test wants it");
                case 1 -> throw new IllegalArgumentException("a bug, as this test wants it");
                default -> throw new NoClassDefFoundError("a library is missing, as this test wants it");
            }
        });
        try (Rounds rounds = started(QUICK, counter)) {
            counter.awaitRounds(6);
        }
    }

    @Test
    void roundsNeverOverlap() {
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean overlapped = new AtomicBoolean();
        Counter counter = new Counter(() -> {
            overlapped.compareAndSet(false, !inside.compareAndSet(false, true));
            Thread.yield();
            inside.set(false);
            return true;
        });
        try (Rounds rounds = started(QUICK, counter)) {
            while (counter.begun() < 200) {
                rounds.hint();
            }
        }
        assertThat(overlapped).isFalse();
    }

    @Test
    void closingLetsTheRoundInWorkEndAndBeginsNoOther() throws InterruptedException {
        Semaphore may = new Semaphore(0);
        AtomicBoolean interrupted = new AtomicBoolean();
        Counter counter = new Counter(() -> {
            try {
                may.acquire();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return true;
        });
        Rounds rounds = started(QUICK, counter);
        counter.awaitRounds(1);
        rounds.close();
        CountDownLatch joined = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            rounds.join();
            joined.countDown();
        });
        may.release(2);
        assertThat(joined.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(counter.begun()).isOne();
        assertThat(interrupted).isFalse();
    }

    @Test
    void cancellingInterruptsTheRoundInWork() {
        Semaphore never = new Semaphore(0);
        Counter counter = new Counter(() -> {
            try {
                never.acquire();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        Rounds rounds = started(QUICK, counter);
        counter.awaitRounds(1);
        rounds.cancel();
        rounds.join();
        assertThat(counter.begun()).isOne();
    }

    @Test
    void roundsThatNeverBeganEnd() {
        Rounds rounds = new Rounds("never", QUICK, () -> true, trouble -> false);
        rounds.cancel();
        rounds.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aPaceThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Pace(Duration.ZERO, Duration.ZERO)).hasMessageContaining("a pause is positive");
        assertThatThrownBy(() -> new Pace(LONG, Duration.ofMillis(-1))).hasMessageContaining("a breath not negative");
    }

    private static Rounds started(Pace pace, BooleanSupplier round) {
        Rounds rounds = new Rounds("rounds-test", pace, round, IllegalStateException.class::isInstance);
        rounds.start();
        return rounds;
    }

    private static final class Counter implements BooleanSupplier {
        private final AtomicInteger begun = new AtomicInteger();
        private final BooleanSupplier round;

        Counter() {
            this(() -> false);
        }

        Counter(BooleanSupplier round) {
            this.round = round;
        }

        int begun() {
            return begun.get();
        }

        void awaitRounds(int least) {
            await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).until(() -> begun.get() >= least);
        }

        @Override
        public boolean getAsBoolean() {
            begun.incrementAndGet();
            return round.getAsBoolean();
        }
    }
}

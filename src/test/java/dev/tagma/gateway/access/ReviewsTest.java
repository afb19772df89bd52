package dev.tagma.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReviewsTest {
    private static final Duration GOOD = Duration.ofSeconds(10);
    private static final Duration BAD = Duration.ofSeconds(2);
    private static final int ASKING = 3;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final Set<Boolean> judged = ConcurrentHashMap.newKeySet();
    private final Reviews<String, Boolean> reviews = reviews(Duration.ofMinutes(1));

    private Reviews<String, Boolean> reviews(Duration patience) {
        AccessSettings settings = new AccessSettings(GOOD, BAD, 100, ASKING, patience);
        return new Reviews<>(settings, this::judge, threads, nanos::get);
    }

    private boolean judge(boolean answer) {
        judged.add(answer);
        return answer;
    }

    /** An answer is heard a moment before it is put away: only then does its time begin. */
    private void awaitPutAway(boolean answer) {
        Awaitility.await().until(() -> judged.contains(answer));
    }

    private Function<String, Boolean> saying(boolean answer) {
        return question -> {
            asked.incrementAndGet();
            return answer;
        };
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void aYesIsBelievedForLongAndANoForShort() {
        reviews.answer("yes", saying(true));
        reviews.answer("no", saying(false));
        awaitPutAway(true);
        awaitPutAway(false);
        nanos.addAndGet(BAD.toNanos() - 1);
        assertThat(reviews.answer("no", saying(true))).isFalse();
        assertThat(asked).hasValue(2);
        nanos.addAndGet(1);
        assertThat(reviews.answer("no", saying(true))).isTrue();

        nanos.addAndGet(GOOD.minus(BAD).toNanos() - 1);
        assertThat(reviews.answer("yes", saying(false))).isTrue();
        nanos.addAndGet(1);
        assertThat(reviews.answer("yes", saying(false))).isFalse();
    }

    @Test
    void aYesThatIsAskedForAgainAndAgainEndsAllTheSame() {
        reviews.answer("yes", saying(true));
        awaitPutAway(true);
        for (int second = 1; second < GOOD.toSeconds(); second++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(reviews.answer("yes", saying(false))).isTrue();
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(reviews.answer("yes", saying(false))).isFalse();
    }

    @Test
    void aQuestionThatFailedIsAskedAnew() {
        assertThatThrownBy(() -> reviews.answer("q", question -> {
                    throw new AccessUnavailableException("away", null);
                }))
                .isInstanceOf(AccessUnavailableException.class);
        assertThat(reviews.answer("q", saying(true))).isTrue();
    }

    @Test
    void manyWhoAskTheSameCostOneQuestionAndFewQuestionsAreAskedAtATime() throws Exception {
        Semaphore asking = new Semaphore(0);
        CountDownLatch go = new CountDownLatch(1);
        Function<String, Boolean> slow = question -> {
            asked.incrementAndGet();
            asking.release();
            awaiting(go);
            return true;
        };
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 2 * ASKING; i++) {
            for (int j = 0; j < 10; j++) {
                String question = "q" + i;
                answers.add(CompletableFuture.supplyAsync(() -> reviews.answer(question, slow), threads));
            }
        }
        asking.acquire(ASKING);
        assertThat(asking.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        go.countDown();
        for (CompletableFuture<Boolean> answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(asked).hasValue(2 * ASKING);
    }

    @Test
    void nobodyWaitsForAnApiServerThatHangs() {
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> reviews(Duration.ofMillis(20)).answer("q", question -> {
                    awaiting(never);
                    return true;
                }))
                .isInstanceOf(AccessUnavailableException.class)
                .hasMessageContaining("did not answer within");
    }

    private static void awaiting(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

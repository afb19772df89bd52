package dev.tagma.gateway.access;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Questions to Kubernetes with the answers that are still good: each asked once, however many want to know, and only so many at a time.
 * A question that was not answered is forgotten, and fails for all who asked.
 */
final class Reviews<Q, A> {
    private final AccessSettings settings;
    private final Executor threads;
    private final Semaphore asking;
    private final AsyncCache<Q, A> answers;

    /** {@code yes} tells which answers are believed for long; {@code threads} are virtual. */
    Reviews(AccessSettings settings, Predicate<A> yes, Executor threads, LongSupplier nanos) {
        this.settings = settings;
        this.threads = threads;
        this.asking = new Semaphore(settings.asking());
        this.answers = Caffeine.newBuilder()
                .maximumSize(settings.entries())
                .expireAfter(Expiry.<Q, A>creating((_, answer) -> yes.test(answer) ? settings.good() : settings.bad()))
                .ticker(nanos::getAsLong)
                .executor(threads)
                .buildAsync();
    }

    /** The answer to the question; throws {@link AccessUnavailableException} where there is none in time. */
    A answer(Q question, Function<Q, A> ask) {
        CompletableFuture<A> pending =
                answers.get(question, (_, _) -> CompletableFuture.supplyAsync(() -> inTurn(question, ask), threads));
        try {
            return pending.get(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AccessUnavailableException away
                    ? new AccessUnavailableException(away.getMessage(), away)
                    : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AccessUnavailableException("the API server did not answer within " + settings.patience(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AccessUnavailableException("interrupted while asking the API server", e);
        }
    }

    private A inTurn(Q question, Function<Q, A> ask) {
        try {
            if (!asking.tryAcquire(settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AccessUnavailableException("too many questions wait for the API server", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AccessUnavailableException("interrupted while asking the API server", e);
        }
        try {
            return ask.apply(question);
        } finally {
            asking.release();
        }
    }

    /** Answers and questions that are remembered. */
    long remembered() {
        answers.synchronous().cleanUp();
        return answers.synchronous().estimatedSize();
    }

    /** How long a yes lasts. */
    Duration good() {
        return settings.good();
    }
}

package dev.tagma.catalog.cluster;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.catalog.CatalogUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Objects that are read when they are asked for. Each is read again after seconds, so that a rotated key is in use soon; where it cannot
 * be, because the API server is away, what was read last serves for some minutes more.
 */
final class Fetched {
    private static final Duration FRESH = Duration.ofSeconds(10);
    /** What is absent is likely about to be applied. */
    private static final Duration FRESH_ABSENCE = Duration.ofSeconds(1);

    private static final Duration STALE = Duration.ofMinutes(10);
    private static final long MOST_CHARACTERS = 32_000_000;
    private static final int OVERHEAD = 200;

    private final String kind;
    private final Source source;
    private final AsyncCache<Name, Optional<Map<String, String>>> fresh;
    private final Cache<Name, Optional<Map<String, String>>> last;

    /** Reads an object; empty where there is none. */
    interface Source {
        Optional<Map<String, String>> read(String namespace, String name);
    }

    Fetched(String kind, Source source, LongSupplier nanoTime) {
        this(kind, source, nanoTime, Thread::startVirtualThread);
    }

    /** The same, reading on {@code executor}. */
    Fetched(String kind, Source source, LongSupplier nanoTime, Executor executor) {
        this.kind = kind;
        this.source = source;
        this.fresh = Caffeine.newBuilder()
                .ticker(nanoTime::getAsLong)
                .executor(executor)
                .weigher(Fetched::weight)
                .maximumWeight(MOST_CHARACTERS)
                .expireAfter(Expiry.<Name, Optional<Map<String, String>>>creating(
                        (name, found) -> found.isPresent() ? FRESH : FRESH_ABSENCE))
                .buildAsync();
        this.last = Caffeine.newBuilder()
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .weigher(Fetched::weight)
                .maximumWeight(MOST_CHARACTERS)
                .expireAfterWrite(STALE)
                .build();
    }

    private static int weight(Name name, Optional<Map<String, String>> found) {
        return OVERHEAD
                + found.stream()
                        .flatMap(texts -> texts.entrySet().stream())
                        .mapToInt(
                                text -> text.getKey().length() + text.getValue().length())
                        .sum();
    }

    /** The text under a key. Throws {@link CatalogUnavailableException}. */
    Optional<String> text(String namespace, KeyRef ref) {
        return found(new Name(namespace, ref.name())).map(texts -> texts.get(ref.key()));
    }

    /** Whether there is such an object. Throws {@link CatalogUnavailableException}. */
    boolean exists(String namespace, String name) {
        return found(new Name(namespace, name)).isPresent();
    }

    private Optional<Map<String, String>> found(Name name) {
        CompletableFuture<Optional<Map<String, String>>> found = fresh.get(name, this::read);
        try {
            return found.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CatalogUnavailableException unavailable) {
                throw new CatalogUnavailableException(unavailable.getMessage(), unavailable.getCause());
            }
            throw e;
        }
    }

    private Optional<Map<String, String>> read(Name name) {
        try {
            Optional<Map<String, String>> found = source.read(name.namespace(), name.name());
            last.put(name, found);
            return found;
        } catch (KubernetesClientException e) {
            Optional<Map<String, String>> known = answered(e) ? null : last.getIfPresent(name);
            if (known != null) {
                return known;
            }
            throw new CatalogUnavailableException(
                    "the " + kind + " " + name.namespace() + "/" + name.name() + " cannot be read: " + reason(e), e);
        }
    }

    /** Whether the API server refused, and what was read before may no longer be used. */
    private static boolean answered(KubernetesClientException e) {
        return e.getCode() == 401 || e.getCode() == 403;
    }

    private static String reason(KubernetesClientException e) {
        return e.getCode() == 403
                ? "this process's service account may not get it"
                : e.getCode() > 0 ? "the API server answered " + e.getCode() : "the API server does not answer";
    }

    private record Name(String namespace, String name) {}
}

package dev.tagma.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The API server's clock, which the times in objects come from: read from the date of an answer every so often, and counted on between.
 * A machine whose own clock is wrong so judges no deadline too early or too late. Exact to a second; never blocks.
 */
final class ApiServerClock implements InstantSource {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration READ_AGAIN = Duration.ofMinutes(1);

    private final Supplier<CompletableFuture<Instant>> server;
    private final LongSupplier nanoTime;
    private final AtomicReference<Reading> last;

    /** What the clock showed, and the monotonic time of the next reading. */
    private record Reading(Instant instant, long at, long readAgain) {
        Instant countedOn(long now) {
            return instant.plusNanos(now - at);
        }
    }

    /**
     * Shows {@code local} until the server has answered once.
     *
     * @param server reads the server's clock
     */
    ApiServerClock(Supplier<CompletableFuture<Instant>> server, InstantSource local, LongSupplier nanoTime) {
        this.server = server;
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.last = new AtomicReference<>(new Reading(local.instant(), now, now));
    }

    /** The clock of a client's API server. */
    static ApiServerClock of(KubernetesClient client, InstantSource local) {
        return new ApiServerClock(() -> read(client), local, System::nanoTime);
    }

    /** Returns when the server has answered once. Throws KubernetesClientException where it does not within {@link #PATIENCE}. */
    void read() {
        try {
            set(server.get().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
        } catch (CompletionException e) {
            throw new KubernetesClientException("the API server does not tell the time", e.getCause());
        }
    }

    private static CompletableFuture<Instant> read(KubernetesClient client) {
        HttpClient http = client.getHttpClient();
        String address = client.getMasterUrl().toString().replaceAll("/?$", "/version");
        return http.sendAsync(http.newHttpRequestBuilder().uri(address).build(), String.class)
                .thenApply(answer -> parsed(answer.header("Date")));
    }

    private static Instant parsed(String date) {
        if (date == null) {
            throw new DateTimeException("the API server's answer has no date");
        }
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    @Override
    public Instant instant() {
        long now = nanoTime.getAsLong();
        Reading reading = last.get();
        if (now - reading.readAgain() >= 0 && last.compareAndSet(reading, postponed(reading, now))) {
            server.get().thenAccept(this::set);
        }
        return reading.countedOn(now);
    }

    private static Reading postponed(Reading reading, long now) {
        return new Reading(reading.instant(), reading.at(), now + READ_AGAIN.toNanos());
    }

    private void set(Instant instant) {
        long now = nanoTime.getAsLong();
        last.set(new Reading(instant, now, now + READ_AGAIN.toNanos()));
    }
}

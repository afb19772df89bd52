package dev.tagma.model.provider;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP for langchain4j as this system needs it: the timeout is the call's and covers the body too, an interrupt aborts the exchange,
 * Retry-After is kept, replies have a largest size, and redirects are not followed, so that a key goes nowhere else.
 */
final class ProviderHttp implements HttpClient {
    /** The largest reply that is read. */
    static final long MAX_REPLY_BYTES = 16L << 20;

    private final java.net.http.HttpClient http;
    private final ErrorReplies errors;

    ProviderHttp(java.net.http.HttpClient http, ErrorReplies errors) {
        this.http = http;
        this.errors = errors;
    }

    /** What langchain4j's models are built with: it hands out this client and ignores the timeouts that are set on it. */
    HttpClientBuilder builder() {
        return new FixedBuilder(this);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        Exchange exchange = Exchange.CURRENT.get();
        HttpResponse<byte[]> response = send(toJdk(request, exchange), exchange.timeout());
        if (response.statusCode() < 200 || response.statusCode() >= 300) {
            throw new CallFailedException(
                    errors.read(response.statusCode(), response.headers(), response.body(), exchange.key()));
        }
        return SuccessfulHttpResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .body(json(response, exchange.key()))
                .build();
    }

    /** Reads the whole stream before it returns: the listener is told each event as it comes, and trouble is thrown. */
    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        Exchange exchange = Exchange.CURRENT.get();
        java.net.http.HttpRequest question = toJdk(request, exchange);
        long begun = System.nanoTime();
        HttpResponse<InputStream> response =
                await(question, http.sendAsync(question, BodyHandlers.ofInputStream()), exchange.timeout());
        try (InputStream body = EventStream.limited(response.body(), MAX_REPLY_BYTES)) {
            boolean accepted = response.statusCode() >= 200 && response.statusCode() < 300;
            Future<byte[]> read = reading(() -> {
                if (!accepted) {
                    return body.readAllBytes();
                }
                listener.onOpen(SuccessfulHttpResponse.builder()
                        .statusCode(response.statusCode())
                        .headers(response.headers().map())
                        .build());
                EventStream.read(body, parser, listener);
                return null;
            });
            byte[] refusal = await(question, read, exchange.timeout().minusNanos(System.nanoTime() - begun));
            if (!accepted) {
                throw new CallFailedException(
                        errors.read(response.statusCode(), response.headers(), refusal, exchange.key()));
            }
        } catch (IOException e) {
            throw broken(question.uri(), e);
        }
    }

    private HttpResponse<byte[]> send(java.net.http.HttpRequest request, Duration timeout) {
        return await(
                request,
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_REPLY_BYTES)),
                timeout);
    }

    /** On a thread of its own, so that the call's timeout and interruption end the reading too: they close the body. */
    private static <T> Future<T> reading(Callable<T> task) {
        FutureTask<T> reading = new FutureTask<>(task);
        Thread.startVirtualThread(reading);
        return reading;
    }

    private static <T> T await(java.net.http.HttpRequest request, Future<T> sent, Duration timeout) {
        try {
            return sent.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw failed(Kind.Timeout, "no reply within " + timeout.toMillis() + " ms", null);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new CallFailedException(null);
        } catch (ExecutionException e) {
            throw broken(request.uri(), e.getCause());
        }
    }

    private static CallFailedException broken(URI uri, Throwable cause) {
        String host = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        return switch (cause) {
            case HttpTimeoutException e -> failed(Kind.Timeout, "no connection to " + host + " in time", e);
            case ConnectException e -> failed(Kind.Unreachable, "no connection to " + host + detail(e), e);
            case IOException e
            when String.valueOf(e.getMessage()).contains("body exceeds") ->
                failed(Kind.InvalidReply, "the reply is larger than " + MAX_REPLY_BYTES + " bytes", e);
            case IOException e -> failed(Kind.Unreachable, "the connection to " + host + " broke" + detail(e), e);
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException("a request to " + host + " failed", cause);
        };
    }

    private static String detail(IOException e) {
        return e.getMessage() == null ? "" : ": " + e.getMessage();
    }

    private static java.net.http.HttpRequest toJdk(HttpRequest request, Exchange exchange) {
        URI uri = URI.create(request.url());
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(uri)
                .method(
                        request.method().name(),
                        request.body() == null
                                ? java.net.http.HttpRequest.BodyPublishers.noBody()
                                : java.net.http.HttpRequest.BodyPublishers.ofString(request.body()));
        if (uri.getScheme().equals("http")) {
            // the upgrade to HTTP/2 that the JDK offers in clear text confuses small model servers
            builder.version(java.net.http.HttpClient.Version.HTTP_1_1);
        }
        request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        if (exchange.idempotencyKey() != null) {
            builder.header("Idempotency-Key", exchange.idempotencyKey());
        }
        return builder.build();
    }

    private static String json(HttpResponse<byte[]> response, ApiKey key) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (body.isBlank()) {
            throw failed(Kind.InvalidReply, "the reply is empty", null);
        }
        if (!body.stripLeading().startsWith("{")) {
            String type = response.headers().firstValue("content-type").orElse("no content type");
            throw failed(
                    Kind.InvalidReply,
                    "the reply is no JSON object (" + type + "): " + ErrorReplies.excerpt(body, key),
                    null);
        }
        return body;
    }

    private static CallFailedException failed(Kind kind, String message, Throwable cause) {
        return new CallFailedException(new ModelException(kind, message, null, cause));
    }

    private record FixedBuilder(ProviderHttp client) implements HttpClientBuilder {
        @Override
        public Duration connectTimeout() {
            return null;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return null;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            return this;
        }

        @Override
        public HttpClient build() {
            return client;
        }
    }
}

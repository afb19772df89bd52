package dev.tagma.model.provider;

import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.model.ModelException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a provider whether it answers, by the cheapest request that needs the key: its list of models, which costs no tokens. */
public final class ProviderProbe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_REPLY_BYTES = 16L << 20;
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private final ErrorReplies errors;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * A probe that keeps nothing.
     *
     * @param clock the wall clock, to read a Retry-After that is a date
     */
    public ProviderProbe(InstantSource clock) {
        this.errors = new ErrorReplies(clock);
    }

    /** What a provider answered, or that it did not. */
    public enum Finding {
        Reachable,
        Unreachable,
        RateLimited,
        AuthenticationFailed,
        InvalidEndpoint,
        InvalidScript
    }

    /** A finding and, for people, how it was come by; never with the key. */
    public record Answer(Finding finding, String message) {}

    /** Asks once, for at most 10 s. Throws InterruptedException where the thread was interrupted meanwhile. */
    public Answer ask(ProviderSource source) throws InterruptedException {
        return switch (source.spec().type()) {
            case Scripted -> script(source.script());
            case OpenAI, Ollama, Anthropic -> service(source);
        };
    }

    private static Answer script(String script) {
        try {
            Script.parse(script);
            return new Answer(Finding.Reachable, "the script is valid");
        } catch (IllegalArgumentException e) {
            return new Answer(Finding.InvalidScript, e.getMessage());
        }
    }

    private Answer service(ProviderSource source) throws InterruptedException {
        ApiKey key;
        try {
            key = ApiKey.of(source.key());
        } catch (IllegalArgumentException e) {
            return new Answer(Finding.AuthenticationFailed, "spec.credentials: " + e.getMessage());
        }
        URI uri;
        try {
            uri = URI.create(ModelClients.endpoint(source.spec()) + "/models");
        } catch (IllegalArgumentException e) {
            return new Answer(Finding.InvalidEndpoint, "spec." + e.getMessage());
        }
        Answer answer = send(uri, request(uri, source.spec().type(), key), key);
        return new Answer(answer.finding(), key.redact(answer.message()) + fix(answer.finding(), key));
    }

    private static String fix(Finding finding, ApiKey key) {
        return switch (finding) {
            case Unreachable -> "; check spec.endpoint, and whether this process may reach it";
            case AuthenticationFailed ->
                key.absent()
                        ? "; name a Secret with the key in spec.credentials"
                        : "; check the key in the Secret that spec.credentials names";
            case InvalidEndpoint -> "; check spec.endpoint";
            case RateLimited -> "; it is asked again later: see the limits of the provider's account";
            case Reachable, InvalidScript -> "";
        };
    }

    private static HttpRequest request(URI uri, ModelProviderSpec.Type type, ApiKey key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
        if (uri.getScheme().equalsIgnoreCase("http")) {
            request.version(HttpClient.Version.HTTP_1_1);
        }
        if (type == ModelProviderSpec.Type.Anthropic) {
            request.header("anthropic-version", ANTHROPIC_VERSION);
        }
        if (!key.absent()) {
            switch (type) {
                case Anthropic -> request.header("x-api-key", key.value());
                case OpenAI, Ollama, Scripted -> request.header("Authorization", "Bearer " + key.value());
            }
        }
        return request.build();
    }

    private Answer send(URI uri, HttpRequest request, ApiKey key) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_REPLY_BYTES));
        try {
            return judge(uri, sent.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS), key);
        } catch (TimeoutException e) {
            return new Answer(Finding.Unreachable, "GET " + uri + " was not answered in " + TIMEOUT.toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException trouble) {
                return new Answer(Finding.Unreachable, "GET " + uri + " failed: " + words(trouble));
            }
            throw new IllegalStateException("GET " + uri + " failed", e.getCause());
        } finally {
            sent.cancel(true);
        }
    }

    private Answer judge(URI uri, HttpResponse<byte[]> response, ApiKey key) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Answer(Finding.Reachable, "GET " + uri + " answered " + status);
        }
        ModelException error = errors.read(status, response.headers(), response.body(), key);
        Finding finding = switch (status) {
            case 401, 403 -> Finding.AuthenticationFailed;
            case 429 -> Finding.RateLimited;
            case 408 -> Finding.Unreachable;
            default -> status >= 500 ? Finding.Unreachable : Finding.InvalidEndpoint;
        };
        return new Answer(finding, "GET " + uri + " answered " + error.getMessage());
    }

    private static String words(IOException trouble) {
        if (trouble.getMessage() != null) {
            return trouble.getMessage();
        }
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "its host has no address";
            }
        }
        return trouble instanceof ConnectException ? "the connection was refused" : "no connection";
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

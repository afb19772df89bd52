package dev.tagma.app.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.fleet.FleetException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a gateway's REST API. Thread-safe. */
final class GatewayClient {
    /** Numbers stay as they were written. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final int BODY_MAX = 64 << 20;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final URI base;
    private final HttpClient http;
    private final Identity identity;

    GatewayClient(URI base, HttpClient http, Identity identity) {
        this.base = base;
        this.http = http;
        this.identity = identity;
    }

    /** What is at {@code path}; empty where nothing is. */
    Optional<JsonNode> get(String path) {
        return answered(request(path).timeout(ANSWER).GET(), true);
    }

    /** What became of it; empty where there is nothing to change. */
    Optional<JsonNode> patch(String path, JsonNode body) {
        return answered(
                request(path)
                        .timeout(ANSWER)
                        .header("Content-Type", "application/merge-patch+json")
                        .method("PATCH", BodyPublishers.ofString(body.toString())),
                true);
    }

    /** A stream of events behind {@code lastId}, or from now on where that is null; empty where everything was told. The caller closes it. */
    Optional<InputStream> events(String path, String lastId) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        HttpResponse<InputStream> answer = send(request.GET());
        if (answer.statusCode() == UNAUTHORIZED) {
            answer.body().close();
            identity.renew();
            answer = send(request);
        }
        if (answer.statusCode() == OK) {
            return Optional.of(answer.body());
        }
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == NO_CONTENT) {
                return Optional.empty();
            }
            throw problem(answer.statusCode(), body.readNBytes(BODY_MAX));
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    private Optional<JsonNode> answered(HttpRequest.Builder request, boolean repeatable) {
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<InputStream> answer = send(request);
                byte[] body;
                try (InputStream in = answer.body()) {
                    body = in.readNBytes(BODY_MAX);
                }
                int status = answer.statusCode();
                if (status == OK) {
                    return Optional.of(JSON.readTree(body));
                }
                if (status == NOT_FOUND && isProblem(body)) {
                    return Optional.empty();
                }
                if (status == UNAUTHORIZED && !renewed) {
                    renewed = true;
                    identity.renew();
                    continue;
                }
                boolean later = status == TOO_MANY || status >= SERVER_ERROR;
                if (!later || attempt == ATTEMPTS) {
                    throw problem(status, body);
                }
            } catch (JsonProcessingException e) {
                throw new FleetException(Kind.Refused, base + " is no gateway of Tagma: its answer is no JSON", e);
            } catch (IOException e) {
                if (!repeatable || attempt == ATTEMPTS) {
                    throw new FleetException(
                            Kind.Unreachable, "the gateway at " + base + " does not answer: " + said(e), e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause(attempt);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(
                request.setHeader("Authorization", "Bearer " + identity.token()).build(), BodyHandlers.ofInputStream());
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(FIRST_PAUSE_MILLIS << (attempt - 1));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static FleetException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new FleetException(Kind.Unreachable, "interrupted", e);
    }

    private static String said(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static boolean isProblem(byte[] body) throws IOException {
        return JSON.readTree(body).path("status").asInt() == NOT_FOUND;
    }

    private static FleetException problem(int status, byte[] body) {
        String detail = "";
        try {
            detail = JSON.readTree(body).path("detail").asText("");
        } catch (IOException e) {
            detail = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
        }
        return new FleetException(
                status >= SERVER_ERROR || status == TOO_MANY ? Kind.Unreachable : Kind.Refused,
                "the gateway says " + status + (detail.isBlank() ? "" : ": " + detail));
    }
}

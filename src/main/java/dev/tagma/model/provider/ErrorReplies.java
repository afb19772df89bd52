package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.model.ModelException;
import dev.tagma.model.ModelException.Kind;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/** Reads what went wrong from a provider's HTTP answer. */
final class ErrorReplies {
    private static final int MAX_MESSAGE = 300;
    private static final Set<String> FILTERED =
            Set.of("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation");

    private final InstantSource clock;

    ErrorReplies(InstantSource clock) {
        this.clock = clock;
    }

    /** The failure that an answer with an error status is, without the key should the answer show it. */
    ModelException read(int status, HttpHeaders headers, byte[] body, ApiKey key) {
        JsonNode error = Json.read(new String(body, StandardCharsets.UTF_8))
                .map(json -> json.has("error") ? json.get("error") : json)
                .orElse(null);
        return new ModelException(
                kind(status, error), "HTTP " + status + ": " + message(error, body, key), retryAfter(headers), null);
    }

    private static Kind kind(int status, JsonNode error) {
        return switch (status) {
            case 401, 403 -> Kind.AuthenticationFailed;
            case 408 -> Kind.Timeout;
            case 429 -> Kind.RateLimited;
            default -> {
                if (status >= 500) {
                    yield Kind.Unreachable;
                }
                yield error != null && filtered(error) ? Kind.ContentRefused : Kind.InvalidRequest;
            }
        };
    }

    private static boolean filtered(JsonNode error) {
        return FILTERED.contains(error.path("code").asText())
                || FILTERED.contains(error.path("type").asText())
                || FILTERED.contains(error.path("innererror").path("code").asText());
    }

    private static String message(JsonNode error, byte[] body, ApiKey key) {
        if (error != null && error.isTextual()) {
            return excerpt(error.textValue(), key);
        }
        if (error != null && error.path("message").isTextual()) {
            return excerpt(error.get("message").textValue(), key);
        }
        return body.length == 0 ? "no message" : excerpt(new String(body, StandardCharsets.UTF_8), key);
    }

    /** One line that fits into a status, without the key: cut first, it would leave a part of one that it cuts through. */
    static String excerpt(String text, ApiKey key) {
        String line = key.redact(text).strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
    }

    private Duration retryAfter(HttpHeaders headers) {
        String millis = headers.firstValue("retry-after-ms").orElse("");
        if (millis.matches("[0-9]{1,9}")) {
            return Duration.ofMillis(Long.parseLong(millis));
        }
        String value = headers.firstValue("retry-after").orElse("").strip();
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), until);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}

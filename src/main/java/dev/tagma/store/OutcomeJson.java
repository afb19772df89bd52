package dev.tagma.store;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.JsonBuffers;
import java.io.IOException;

/** The stored form of an outcome: JSON whose bytes are equal for equal outcomes, so that a repeated finish is recognised. */
final class OutcomeJson {
    private static final JsonMapper JSON = JsonMapper.builder(JsonBuffers.factory())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private OutcomeJson() {}

    /** The outcome's bytes; null for null. */
    static byte[] encode(Outcome outcome) {
        try {
            return outcome == null
                    ? null
                    : JSON.writeValueAsBytes(
                            new Stored(outcome.reason(), outcome.message(), outcome.summary(), outcome.output()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome is always JSON: " + outcome, e);
        }
    }

    /** The outcome in {@code bytes}; null for null. */
    static Outcome decode(byte[] bytes) {
        try {
            if (bytes == null) {
                return null;
            }
            Stored stored = JSON.readValue(bytes, Stored.class);
            JsonNode output = stored.output == null || stored.output.isNull() ? null : stored.output;
            return new Outcome(stored.reason, stored.message, stored.summary, output);
        } catch (IOException e) {
            throw new IllegalStateException("not a stored outcome: " + e.getMessage(), e);
        }
    }

    @JsonPropertyOrder({"reason", "message", "summary", "output"})
    private record Stored(Reason reason, String message, String summary, JsonNode output) {}
}

package dev.tagma.mission;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.step.JsonBuffers;
import java.io.IOException;

/**
 * Specs as they are stored and sent: JSON whose bytes are equal for equal values, decimals exact, unknown fields (a newer binary's) read
 * over.
 */
public final class SpecCodec {
    /** Reads and writes like this. */
    public static final JsonMapper JSON = JsonMapper.builder(JsonBuffers.factory())
            .addModule(new JavaTimeModule())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private SpecCodec() {}

    /** A mission's spec. */
    public static byte[] encode(MissionSpec spec) {
        return bytes(spec);
    }

    /** A pool's spec. */
    public static byte[] encode(AgentPoolSpec spec) {
        return bytes(spec);
    }

    /** Any JSON. */
    public static byte[] encode(JsonNode json) {
        return bytes(json);
    }

    /** The mission's spec in {@code bytes}; throws IllegalArgumentException where they hold none. */
    public static MissionSpec mission(byte[] bytes) {
        return read(bytes, MissionSpec.class, "mission spec");
    }

    /** The pool's spec in {@code bytes}; throws IllegalArgumentException where they hold none. */
    public static AgentPoolSpec pool(byte[] bytes) {
        return read(bytes, AgentPoolSpec.class, "pool spec");
    }

    /** The JSON in {@code bytes}; throws IllegalArgumentException where they hold none. */
    public static JsonNode json(byte[] bytes) {
        return read(bytes, JsonNode.class, "JSON");
    }

    private static <T> T read(byte[] bytes, Class<T> type, String what) {
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a " + what + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a spec is always JSON: " + value, e);
        }
    }
}

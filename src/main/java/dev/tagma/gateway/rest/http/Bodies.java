package dev.tagma.gateway.rest.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Reads the bodies of requests: JSON objects up to a size, and nothing that could be read in two ways. */
public final class Bodies {
    private static final int DEPTH = 100;
    private static final int PEEK = 1;

    private final JsonMapper json;
    private final int limit;

    /** @param limit longest body, in bytes */
    public Bodies(JsonMapper json, int limit) {
        this.json = json;
        this.limit = limit;
    }

    /** Numbers stay as they were written; a field twice is an error. */
    public static JsonMapper mapper() {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEPTH)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .addModule(new JavaTimeModule())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }

    /** The object in the body. */
    public ObjectNode object(InputStream body) {
        byte[] bytes;
        try {
            bytes = body == null ? new byte[0] : body.readNBytes(limit + PEEK);
        } catch (IOException e) {
            throw bad("the body ended early");
        }
        if (bytes.length > limit) {
            throw ProblemException.tooLarge(limit);
        }
        try {
            JsonNode node = json.readTree(bytes);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw bad("the body must be a JSON object");
        } catch (JsonProcessingException e) {
            throw bad("the body is no JSON" + place(e.getLocation()) + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw bad("the body cannot be read");
        }
    }

    /** What goes beyond a limit of the parser has no place. */
    private static String place(JsonLocation location) {
        return location == null ? "" : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(Status.BAD_REQUEST.getStatusCode(), detail, null, Map.of());
    }
}

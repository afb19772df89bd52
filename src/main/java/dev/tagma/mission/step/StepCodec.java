package dev.tagma.mission.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tagma.mission.StepKind;
import java.io.IOException;

/**
 * The canonical bytes of step contents: JSON in UTF-8, fields in the declared order, no white space, so that equal contents have
 * equal bytes. Unknown fields (a newer binary's) are read over.
 */
public final class StepCodec {
    private static final JsonMapper JSON = JsonMapper.builder(JsonBuffers.factory())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StepCodec() {}

    /** The content's canonical bytes. */
    public static byte[] encode(StepContent content) {
        try {
            return JSON.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a step content is always JSON: " + content, e);
        }
    }

    /** The content of {@code kind} in {@code bytes}; throws IllegalArgumentException where they hold none. */
    public static StepContent decode(StepKind kind, byte[] bytes) {
        try {
            return JSON.readValue(bytes, type(kind));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a stored " + kind + ": " + e.getMessage(), e);
        }
    }

    private static Class<? extends StepContent> type(StepKind kind) {
        return switch (kind) {
            case ModelReply -> StepContent.ModelReply.class;
            case ToolStarted -> StepContent.ToolStarted.class;
            case Observation -> StepContent.Observation.class;
            case Plan -> StepContent.Plan.class;
            case Feedback -> StepContent.Feedback.class;
        };
    }
}

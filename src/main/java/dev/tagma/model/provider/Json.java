package dev.tagma.model.provider;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tagma.mission.step.JsonBuffers;
import java.util.Optional;

/** JSON whose numbers stay what was written: no binary fractions, no exponents, no zeros lost. */
final class Json {
    private static final JsonMapper EXACT = JsonMapper.builder(JsonBuffers.factory())
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Json() {}

    /** The value as JSON; throws TemplateException for numbers of absurd size. */
    static String write(JsonNode value) {
        try {
            return EXACT.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new TemplateException("a value cannot be written: " + e.getOriginalMessage());
        }
    }

    /** The first JSON value of the text, or empty where it does not begin with one. */
    static Optional<JsonNode> read(String text) {
        try {
            JsonNode value = EXACT.readTree(text);
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The text as JSON where all of it is, else as the string it is. */
    static JsonNode readOrText(String text) {
        String trimmed = text.strip();
        // parsing words only to find that they are no JSON costs an exception each
        if (trimmed.isEmpty() || "{[\"-0123456789tfn".indexOf(trimmed.charAt(0)) < 0) {
            return JsonNodeFactory.instance.textNode(text);
        }
        try {
            return EXACT.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(trimmed);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }
}

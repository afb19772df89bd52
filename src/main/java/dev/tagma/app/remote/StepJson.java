package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Reads steps as a gateway shows them. */
final class StepJson {
    private StepJson() {}

    /** A step of a transcript, with what was said. */
    static Step entry(JsonNode entry) {
        JsonNode content = entry.path("content");
        return step(
                entry,
                content.isObject() ? content.toString().getBytes(StandardCharsets.UTF_8) : null,
                MissionJson.usage(entry.path("usage")),
                Instant.parse(entry.path("time").asText()));
    }

    /** A link of a chain: a step without what was said, and with exact usage. */
    static Step link(JsonNode link) {
        return step(link, null, usage(link.path("usage")), Instant.EPOCH);
    }

    /** Usage in exact numbers. */
    static Usage usage(JsonNode usage) {
        return new Usage(
                usage.path("iterations").asLong(),
                usage.path("modelCalls").asLong(),
                usage.path("toolCalls").asLong(),
                usage.path("inputTokens").asLong(),
                usage.path("outputTokens").asLong(),
                usage.path("costNanos").asLong());
    }

    private static Step step(JsonNode json, byte[] content, Usage usage, Instant time) {
        return new Step(
                json.path("sequence").asLong(),
                json.path("epoch").asLong(),
                StepKind.valueOf(json.path("kind").asText()),
                content,
                Digest.ofHex(json.path("contentDigest").asText()),
                Digest.ofHex(json.path("digest").asText()),
                usage,
                time);
    }
}

package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.mission.StepKind;
import java.time.Instant;
import java.util.List;

/**
 * Steps of a mission with what was said.
 *
 * @param steps in order
 * @param more whether others may follow: ask again with {@code after} the last sequence
 */
public record TranscriptPage(List<Entry> steps, boolean more) {
    /**
     * A step.
     *
     * @param content as it was committed, or null once it has expired
     * @param digest of the chain up to and with this step, in hex, as is {@code contentDigest} of the content alone
     */
    public record Entry(
            long sequence,
            Instant time,
            long epoch,
            StepKind kind,
            String digest,
            String contentDigest,
            UsedSoFar usage,
            JsonNode content) {}
}

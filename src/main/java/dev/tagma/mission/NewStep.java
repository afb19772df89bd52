package dev.tagma.mission;

import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;

/**
 * A step to be committed.
 *
 * @param kind what it records
 * @param content canonical bytes, at most {@link #MAX_CONTENT}
 * @param contentDigest SHA-256 of the content
 * @param usage what this step adds to the mission's usage; decided by whoever commits, never by a runtime
 */
public record NewStep(StepKind kind, byte[] content, Digest contentDigest, Usage usage) {
    /** Largest content in bytes: 1 MiB. */
    public static final int MAX_CONTENT = 1 << 20;

    public NewStep {
        if (content.length > MAX_CONTENT) {
            throw new IllegalArgumentException("a step holds at most " + MAX_CONTENT + " bytes, not " + content.length);
        }
    }

    /** The step that holds {@code content}. */
    public static NewStep of(StepContent content, Usage usage) {
        byte[] bytes = StepCodec.encode(content);
        return new NewStep(content.kind(), bytes, Digest.sha256(bytes), usage);
    }
}

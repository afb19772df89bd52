package dev.tagma.mission;

import java.time.Instant;
import java.util.Objects;

/**
 * A committed step.
 *
 * @param seq its number, from 1
 * @param epoch the ownership that wrote it
 * @param kind what it records
 * @param content canonical bytes (see {@link dev.tagma.mission.step.StepCodec}), or null once expired
 * @param contentDigest SHA-256 of the content
 * @param digest the chain's digest up to and with this step
 * @param usage the mission's usage up to and with this step
 * @param committedAt the database's clock at the commit
 */
public record Step(
        long seq,
        long epoch,
        StepKind kind,
        byte[] content,
        Digest contentDigest,
        Digest digest,
        Usage usage,
        Instant committedAt) {
    public Step {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(digest, "digest");
    }

    /** The chain's head with this step as the last. */
    public Head head() {
        return new Head(seq, digest);
    }
}

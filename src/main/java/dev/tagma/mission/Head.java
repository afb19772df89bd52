package dev.tagma.mission;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The end of a mission's step chain.
 *
 * @param seq number of the last step; 0 before the first
 * @param digest digest of that step; of the mission's UID before the first
 */
public record Head(long seq, Digest digest) {
    private static final byte[] GENESIS = "tagma/mission/v1".getBytes(StandardCharsets.US_ASCII);

    public Head {
        if (seq < 0) {
            throw new IllegalArgumentException("seq must be >= 0, not " + seq);
        }
    }

    /** The head of a mission without steps: its chain starts from its UID, so that two missions never share a chain. */
    public static Head genesis(UUID mission) {
        return new Head(
                0,
                Digest.sha256(
                        GENESIS,
                        ByteBuffer.allocate(16)
                                .putLong(mission.getMostSignificantBits())
                                .putLong(mission.getLeastSignificantBits())
                                .array()));
    }

    /**
     * The head after one more step: SHA-256 over this digest, the step's header (seq and epoch as big-endian 64-bit, the kind's
     * code as one byte) and the digest of its content, so that content can expire and the chain still verifies.
     */
    public Head then(long epoch, StepKind kind, Digest content) {
        byte[] header = ByteBuffer.allocate(17)
                .putLong(seq + 1)
                .putLong(epoch)
                .put(kind.code())
                .array();
        return new Head(seq + 1, Digest.sha256(digest.bytes(), header, content.bytes()));
    }
}

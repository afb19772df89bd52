package dev.tagma.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import java.time.Instant;
import java.util.UUID;

/** Claims, heads and steps on the wire. */
public final class StepWire {
    private StepWire() {}

    /** The claim's message. */
    public static dev.tagma.wire.v1alpha1.Claim encode(Claim claim) {
        return dev.tagma.wire.v1alpha1.Claim.newBuilder()
                .setMission(claim.mission())
                .setUid(claim.uid().toString())
                .setEpoch(claim.epoch())
                .build();
    }

    /** The claim in the message. */
    public static Claim decode(dev.tagma.wire.v1alpha1.Claim claim) {
        return new Claim(claim.getMission(), uuid("claim.uid", claim.getUid()), claim.getEpoch());
    }

    /** The head's message. */
    public static dev.tagma.wire.v1alpha1.Head encode(Head head) {
        return dev.tagma.wire.v1alpha1.Head.newBuilder()
                .setSeq(head.seq())
                .setDigest(encode(head.digest()))
                .build();
    }

    /** The head in the message. */
    public static Head decode(dev.tagma.wire.v1alpha1.Head head) {
        return new Head(head.getSeq(), digest(head.getDigest()));
    }

    /** The content's message. */
    public static dev.tagma.wire.v1alpha1.StepContent encode(StepContent content) {
        return dev.tagma.wire.v1alpha1.StepContent.newBuilder()
                .setKind(content.kind().code())
                .setBytes(ByteString.copyFrom(StepCodec.encode(content)))
                .build();
    }

    /** The content in the message. */
    public static StepContent decode(dev.tagma.wire.v1alpha1.StepContent content) {
        return StepCodec.decode(
                StepKind.of(content.getKind()), content.getBytes().toByteArray());
    }

    /** The content in the message, which must be of this type. */
    public static <T extends StepContent> T decode(dev.tagma.wire.v1alpha1.StepContent content, Class<T> type) {
        StepContent decoded = decode(content);
        if (!type.isInstance(decoded)) {
            throw new IllegalArgumentException("a " + type.getSimpleName() + " is expected, not a " + decoded.kind());
        }
        return type.cast(decoded);
    }

    static dev.tagma.wire.v1alpha1.Step encode(Step step) {
        dev.tagma.wire.v1alpha1.Step.Builder message = dev.tagma.wire.v1alpha1.Step.newBuilder()
                .setSeq(step.seq())
                .setEpoch(step.epoch())
                .setKind(step.kind().code())
                .setContentDigest(encode(step.contentDigest()))
                .setDigest(encode(step.digest()))
                .setUsage(encode(step.usage()))
                .setCommittedAt(Timestamp.newBuilder()
                        .setSeconds(step.committedAt().getEpochSecond())
                        .setNanos(step.committedAt().getNano()));
        if (step.content() != null) {
            message.setContent(ByteString.copyFrom(step.content()));
        }
        return message.build();
    }

    static Step decode(dev.tagma.wire.v1alpha1.Step step) {
        return new Step(
                step.getSeq(),
                step.getEpoch(),
                StepKind.of(step.getKind()),
                step.hasContent() ? step.getContent().toByteArray() : null,
                digest(step.getContentDigest()),
                digest(step.getDigest()),
                decode(step.getUsage()),
                Instant.ofEpochSecond(
                        step.getCommittedAt().getSeconds(),
                        step.getCommittedAt().getNanos()));
    }

    static dev.tagma.wire.v1alpha1.Usage encode(Usage usage) {
        return dev.tagma.wire.v1alpha1.Usage.newBuilder()
                .setIterations(usage.iterations())
                .setModelCalls(usage.modelCalls())
                .setToolCalls(usage.toolCalls())
                .setInputTokens(usage.inputTokens())
                .setOutputTokens(usage.outputTokens())
                .setCostNanos(usage.costNanos())
                .build();
    }

    static Usage decode(dev.tagma.wire.v1alpha1.Usage usage) {
        return new Usage(
                usage.getIterations(),
                usage.getModelCalls(),
                usage.getToolCalls(),
                usage.getInputTokens(),
                usage.getOutputTokens(),
                usage.getCostNanos());
    }

    /** The UUID in a field. */
    public static UUID uuid(String field, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + " must be a UUID, not \"" + text + "\"", e);
        }
    }

    private static ByteString encode(Digest digest) {
        return ByteString.copyFrom(digest.bytes());
    }

    private static Digest digest(ByteString bytes) {
        return Digest.of(bytes.toByteArray());
    }
}

package dev.tagma.wire;

import com.google.protobuf.ByteString;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.SpecCodec;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import java.time.Duration;

/** How missions end, or are given back, on the wire. */
public final class EndWire {
    private EndWire() {}

    /** The outcome's message. */
    public static dev.tagma.wire.v1alpha1.Outcome encode(Outcome outcome) {
        dev.tagma.wire.v1alpha1.Outcome.Builder message = dev.tagma.wire.v1alpha1.Outcome.newBuilder()
                .setReason(outcome.reason().name())
                .setMessage(outcome.message());
        if (outcome.summary() != null) {
            message.setSummary(outcome.summary());
        }
        if (outcome.output() != null) {
            message.setOutput(ByteString.copyFrom(SpecCodec.encode(outcome.output())));
        }
        return message.build();
    }

    /** The outcome in the message. */
    public static Outcome decode(dev.tagma.wire.v1alpha1.Outcome outcome) {
        return new Outcome(
                reason("outcome.reason", outcome.getReason()),
                outcome.getMessage(),
                outcome.hasSummary() ? outcome.getSummary() : null,
                outcome.hasOutput() ? SpecCodec.json(outcome.getOutput().toByteArray()) : null);
    }

    /** Puts the release into the request. */
    public static ReleaseRequest.Builder encode(Release release, ReleaseRequest.Builder request) {
        switch (release) {
            case Release.HandBack back -> request.setHandBack(ReleaseRequest.HandBack.getDefaultInstance());
            case Release.Retry retry ->
                request.getRetryBuilder()
                        .setCause(retry.cause().name())
                        .setMessage(retry.message())
                        .setDelayMillis(retry.delay().toMillis());
            case Release.Park park -> {
                request.getParkBuilder().setReason(park.reason().name()).setMessage(park.message());
                if (park.wakeAfter() != null) {
                    request.getParkBuilder().setWakeAfterMillis(park.wakeAfter().toMillis());
                }
            }
        }
        return request;
    }

    /** The release in the request. */
    public static Release decode(ReleaseRequest request) {
        return switch (request.getReleaseCase()) {
            case HAND_BACK -> new Release.HandBack();
            case RETRY ->
                new Release.Retry(
                        reason("retry.cause", request.getRetry().getCause()),
                        request.getRetry().getMessage(),
                        Duration.ofMillis(request.getRetry().getDelayMillis()));
            case PARK ->
                new Release.Park(
                        reason("park.reason", request.getPark().getReason()),
                        request.getPark().getMessage(),
                        request.getPark().hasWakeAfterMillis()
                                ? Duration.ofMillis(request.getPark().getWakeAfterMillis())
                                : null);
            case RELEASE_NOT_SET -> throw new IllegalArgumentException("release: give one of handBack, retry and park");
        };
    }

    static Reason reason(String field, String name) {
        try {
            return Reason.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": there is no reason \"" + name + "\"", e);
        }
    }
}

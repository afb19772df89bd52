package dev.tagma.runtime.grpc;

import com.google.protobuf.MessageLite;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.wire.AnswerWire;
import dev.tagma.wire.AskWire;
import dev.tagma.wire.BeatWire;
import dev.tagma.wire.EndWire;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.CallModelRequest;
import dev.tagma.wire.v1alpha1.CallModelResponse;
import dev.tagma.wire.v1alpha1.CallToolRequest;
import dev.tagma.wire.v1alpha1.CallToolResponse;
import dev.tagma.wire.v1alpha1.CommitRequest;
import dev.tagma.wire.v1alpha1.CommitResponse;
import dev.tagma.wire.v1alpha1.FinishRequest;
import dev.tagma.wire.v1alpha1.HeartbeatRequest;
import dev.tagma.wire.v1alpha1.LeaveRequest;
import dev.tagma.wire.v1alpha1.OutsideToolsRequest;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc.RuntimeGatewayBlockingStub;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * One instance's session over gRPC. It outlives its line: where that breaks, or its replica sends the runtime away, the session goes on at
 * another replica under the same instance. Until then its calls fail as if the store were away, and heartbeats fail, so that the lease
 * decides how long that may take.
 */
final class GrpcSession implements GatewaySession {
    private static final int HEARTBEATS_PER_LEASE = 3;

    private final Redial redial;
    private final BearerToken token;
    private final GrpcLinkSettings settings;
    private final long instance;

    GrpcSession(Redial redial, BearerToken token, GrpcLinkSettings settings) {
        this.redial = redial;
        this.token = token;
        this.settings = settings;
        this.instance = redial.line().welcome().getInstance();
    }

    @Override
    public long instance() {
        return instance;
    }

    @Override
    public Duration lease() {
        return redial.lease();
    }

    @Override
    public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
        CommitRequest request = CommitRequest.newBuilder()
                .setInstance(instance)
                .setClaim(StepWire.encode(claim))
                .setBelieved(StepWire.encode(believed))
                .addAllSteps(steps.stream().map(StepWire::encode).toList())
                .build();
        CommitResponse response = call(request, settings.callTimeout(), calls -> calls.commit(request));
        return AnswerWire.decode(response);
    }

    @Override
    public ModelAnswer callModel(Claim claim, Head believed, ModelAsk ask) {
        CallModelRequest request = AskWire.encode(
                        ask,
                        CallModelRequest.newBuilder()
                                .setInstance(instance)
                                .setClaim(StepWire.encode(claim))
                                .setBelieved(StepWire.encode(believed)))
                .build();
        CallModelResponse response = call(request, settings.longestCall(), calls -> answer(calls.callModel(request)));
        return AnswerWire.decode(response);
    }

    private static CallModelResponse answer(Iterator<CallModelResponse> messages) {
        CallModelResponse last = CallModelResponse.getDefaultInstance();
        while (messages.hasNext()) {
            last = messages.next();
        }
        return last;
    }

    @Override
    public ToolAnswer callTool(Claim claim, Head believed, long reply, ToolCall call) {
        CallToolRequest request = CallToolRequest.newBuilder()
                .setInstance(instance)
                .setClaim(StepWire.encode(claim))
                .setBelieved(StepWire.encode(believed))
                .setReply(reply)
                .setCall(AskWire.encode(call))
                .build();
        CallToolResponse response = call(request, settings.longestCall(), calls -> calls.callTool(request));
        return AnswerWire.decode(response);
    }

    @Override
    public List<ToolDefinition> outsideTools(Claim claim) {
        OutsideToolsRequest request = OutsideToolsRequest.newBuilder()
                .setInstance(instance)
                .setClaim(StepWire.encode(claim))
                .build();
        return AskWire.decode(call(request, settings.longestCall(), calls -> calls.outsideTools(request))
                .getToolsList());
    }

    @Override
    public CommitResult finish(Claim claim, Head believed, Outcome outcome) {
        FinishRequest request = FinishRequest.newBuilder()
                .setInstance(instance)
                .setClaim(StepWire.encode(claim))
                .setBelieved(StepWire.encode(believed))
                .setOutcome(EndWire.encode(outcome))
                .build();
        CommitResponse response = call(request, settings.callTimeout(), calls -> calls.finish(request));
        return AnswerWire.decode(response);
    }

    @Override
    public boolean release(Claim claim, Release release) {
        ReleaseRequest request = EndWire.encode(
                        release,
                        ReleaseRequest.newBuilder().setInstance(instance).setClaim(StepWire.encode(claim)))
                .build();
        return call(request, settings.callTimeout(), calls -> calls.release(request))
                .getReleased();
    }

    @Override
    public boolean heartbeat(Heartbeat beat) {
        if (redial.dead()) {
            return false;
        }
        HeartbeatRequest request = BeatWire.encode(instance, beat);
        Line line = redial.line();
        if (line == null) {
            throw new GatewayAwayException("no gateway is connected", null);
        }
        try {
            return line.calls(token, lease().dividedBy(HEARTBEATS_PER_LEASE))
                    .heartbeat(request)
                    .getLive();
        } catch (StatusRuntimeException e) {
            Trouble trouble = Trouble.of(e).orElse(null);
            if (trouble == Trouble.STORE_UNAVAILABLE) {
                throw new StoreUnavailableException(e.getMessage(), e);
            }
            if (trouble == null || trouble == Trouble.NO_SESSION) {
                // silent, gone, or the session is elsewhere: another replica may be well
                redial.from(line);
            }
            throw new GatewayAwayException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        Line line = redial.hangUp();
        if (line == null) {
            return;
        }
        try {
            line.calls(token, lease())
                    .leave(LeaveRequest.newBuilder().setInstance(instance).build());
        } finally {
            line.cut();
        }
    }

    private <T> T call(MessageLite request, Duration deadline, Function<RuntimeGatewayBlockingStub, T> send) {
        Line line = redial.line();
        if (line == null) {
            throw new StoreUnavailableException("no gateway is connected", null);
        }
        int limit = line.welcome().getMaxRequestBytes();
        if (limit > 0 && request.getSerializedSize() > limit) {
            throw new IllegalStateException("RESOURCE_EXHAUSTED: the request has " + request.getSerializedSize()
                    + " bytes, the gateway takes at most " + limit);
        }
        try {
            return send.apply(line.calls(token, deadline));
        } catch (StatusRuntimeException e) {
            if (Trouble.of(e).filter(trouble -> trouble == Trouble.NO_SESSION).isPresent()) {
                redial.from(line);
            }
            throw Refusal.of(e);
        }
    }
}

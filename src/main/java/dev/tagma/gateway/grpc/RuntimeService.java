package dev.tagma.gateway.grpc;

import dev.tagma.gateway.Gateway;
import dev.tagma.gateway.ReplicaSession;
import dev.tagma.gateway.access.Caller;
import dev.tagma.mission.link.Hello;
import dev.tagma.wire.AnswerWire;
import dev.tagma.wire.AskWire;
import dev.tagma.wire.BeatWire;
import dev.tagma.wire.EndWire;
import dev.tagma.wire.Protocol;
import dev.tagma.wire.StepWire;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.CallModelRequest;
import dev.tagma.wire.v1alpha1.CallModelResponse;
import dev.tagma.wire.v1alpha1.CallToolRequest;
import dev.tagma.wire.v1alpha1.CallToolResponse;
import dev.tagma.wire.v1alpha1.Claim;
import dev.tagma.wire.v1alpha1.CommitRequest;
import dev.tagma.wire.v1alpha1.CommitResponse;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.FinishRequest;
import dev.tagma.wire.v1alpha1.HeartbeatRequest;
import dev.tagma.wire.v1alpha1.HeartbeatResponse;
import dev.tagma.wire.v1alpha1.LeaveRequest;
import dev.tagma.wire.v1alpha1.LeaveResponse;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.OutsideToolsRequest;
import dev.tagma.wire.v1alpha1.OutsideToolsResponse;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import dev.tagma.wire.v1alpha1.ReleaseResponse;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc.RuntimeGatewayImplBase;
import dev.tagma.wire.v1alpha1.Welcome;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** The calls of {@code runtime.proto}, each on a virtual thread of its own that may block. */
final class RuntimeService extends RuntimeGatewayImplBase {
    private final Gateway gateway;
    private final RuntimeAccess access;
    private final int maxRequestBytes;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Map<Long, Attachment> attachments = new ConcurrentHashMap<>();
    private volatile boolean ending;

    RuntimeService(
            Gateway gateway,
            RuntimeAccess access,
            int maxRequestBytes,
            Executor executor,
            ScheduledExecutorService timer) {
        this.gateway = gateway;
        this.access = access;
        this.maxRequestBytes = maxRequestBytes;
        this.executor = executor;
        this.timer = timer;
    }

    /** From now on lines end because this replica does. */
    void ending() {
        ending = true;
    }

    /** Sends every runtime elsewhere, also those that are about to connect. */
    void endAll() {
        ending();
        List.copyOf(attachments.values()).forEach(this::end);
    }

    private void end(Attachment attachment) {
        detach(attachment);
        attachment.outbox().end();
    }

    @Override
    public void connect(ConnectRequest request, StreamObserver<Order> response) {
        ServerCallStreamObserver<Order> stream = (ServerCallStreamObserver<Order>) response;
        Outbox outbox = new Outbox(stream);
        // runs after this method, whenever the call was cancelled
        stream.setOnCancelHandler(() -> {
            outbox.broken();
            attachments.values().stream()
                    .filter(each -> each.outbox() == outbox)
                    .forEach(this::broken);
        });
        try {
            Welcome.Builder welcome = Welcome.newBuilder().setProtocol(protocol(request));
            ReplicaSession session = session(request, outbox);
            Attachment attachment = new Attachment(session, TokenInterceptor.CALLER.get(), outbox, request.getSlots());
            attach(attachment);
            outbox.welcome(welcome.setInstance(session.instance())
                    .setLeaseMillis(session.lease().toMillis())
                    .setMaxRequestBytes(maxRequestBytes)
                    .build());
            endFormer(attachment);
        } catch (RuntimeException e) {
            outbox.broken();
            response.onError(Failures.of(e));
        }
    }

    /** Of two that connect as one instance at once, the one stays whose session the gateway keeps. */
    private void attach(Attachment fresh) {
        attachments.compute(fresh.session().instance(), (instance, present) -> {
            if (present == null || fresh.session().current()) {
                if (present != null) {
                    present.outbox().end();
                }
                return fresh;
            }
            fresh.outbox().end();
            return present;
        });
    }

    /** Of a pod's processes the last one lives; a line to one before it, on which nothing comes any more, would stay open for good. */
    private void endFormer(Attachment fresh) {
        List<Attachment> here = List.copyOf(attachments.values());
        here.stream().filter(other -> other.formerOf(fresh)).forEach(this::end);
        if (ending || here.stream().anyMatch(fresh::formerOf)) {
            end(fresh);
        }
    }

    private static int protocol(ConnectRequest request) {
        return Protocol.common(request.getProtocolsList())
                .orElseThrow(() -> Trouble.PROTOCOL_UNSUPPORTED.because("this gateway speaks the protocol versions "
                        + Protocol.VERSIONS + ", the runtime " + request.getVersion() + " speaks "
                        + request.getProtocolsList() + ": roll out the older of the two"));
    }

    private ReplicaSession session(ConnectRequest request, Outbox outbox) {
        Caller caller = TokenInterceptor.CALLER.get();
        UUID pool = StepWire.uuid("pool", request.getPool());
        access.objection(caller, pool).ifPresent(objection -> {
            throw Trouble.REFUSED.because(objection);
        });
        Hello hello = new Hello(
                pool,
                caller.podName().orElse(request.getPod()),
                caller.podUid().orElse(null),
                request.getSlots(),
                request.getVersion(),
                request.getFormer());
        return request.getInstance() == 0
                ? gateway.open(hello, outbox)
                : gateway.resume(request.getInstance(), hello, outbox)
                        .orElseThrow(() -> Trouble.INSTANCE_DEAD.because(
                                "instance " + request.getInstance() + " has lost its lease, or is of another pod"));
    }

    private void broken(Attachment attachment) {
        if (ending) {
            detach(attachment);
        } else {
            attachments.remove(attachment.session().instance(), attachment);
            attachment.session().broken();
        }
    }

    private void detach(Attachment attachment) {
        attachments.remove(attachment.session().instance(), attachment);
        attachment.session().detach();
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> response) {
        answer(request.getInstance(), response, at -> {
            try (Attachment.Flight flight = at.beat()) {
                return HeartbeatResponse.newBuilder()
                        .setLive(at.session().heartbeat(BeatWire.decode(request)))
                        .build();
            }
        });
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> response) {
        forMission(
                request.getInstance(),
                request.getClaim(),
                "commit",
                response,
                at -> AnswerWire.encode(at.session()
                        .commit(
                                StepWire.decode(request.getClaim()),
                                StepWire.decode(request.getBelieved()),
                                request.getStepsList().stream()
                                        .map(StepWire::decode)
                                        .toList())));
    }

    @Override
    public void finish(FinishRequest request, StreamObserver<CommitResponse> response) {
        forMission(
                request.getInstance(),
                request.getClaim(),
                "commit",
                response,
                at -> AnswerWire.encode(at.session()
                        .finish(
                                StepWire.decode(request.getClaim()),
                                StepWire.decode(request.getBelieved()),
                                EndWire.decode(request.getOutcome()))));
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> response) {
        forMission(
                request.getInstance(),
                request.getClaim(),
                "commit",
                response,
                at -> ReleaseResponse.newBuilder()
                        .setReleased(at.session().release(StepWire.decode(request.getClaim()), EndWire.decode(request)))
                        .build());
    }

    @Override
    public void callModel(CallModelRequest request, StreamObserver<CallModelResponse> response) {
        waiting(
                request.getInstance(),
                request.getClaim(),
                "model call",
                response,
                at -> AnswerWire.encode(at.session()
                        .callModel(
                                StepWire.decode(request.getClaim()),
                                StepWire.decode(request.getBelieved()),
                                AskWire.decode(request))));
    }

    @Override
    public void callTool(CallToolRequest request, StreamObserver<CallToolResponse> response) {
        String kind = "call " + request.getCall().getId();
        waiting(
                request.getInstance(),
                request.getClaim(),
                kind,
                response,
                at -> AnswerWire.encode(at.session()
                        .callTool(
                                StepWire.decode(request.getClaim()),
                                StepWire.decode(request.getBelieved()),
                                request.getReply(),
                                AskWire.decode(request.getCall()))));
    }

    @Override
    public void outsideTools(OutsideToolsRequest request, StreamObserver<OutsideToolsResponse> response) {
        waiting(
                request.getInstance(),
                request.getClaim(),
                "look at tools",
                response,
                at -> OutsideToolsResponse.newBuilder()
                        .addAllTools(AskWire.encode(at.session().outsideTools(StepWire.decode(request.getClaim()))))
                        .build());
    }

    @Override
    public void leave(LeaveRequest request, StreamObserver<LeaveResponse> response) {
        answer(request.getInstance(), response, at -> {
            attachments.remove(request.getInstance(), at);
            at.session().close();
            at.outbox().end();
            return LeaveResponse.getDefaultInstance();
        });
    }

    /** A call that waits for the outside world, and ends early where the runtime cancels it. */
    private <T> void waiting(
            long instance, Claim claim, String kind, StreamObserver<T> response, Function<Attachment, T> work) {
        forMission(instance, claim, kind, response, at -> {
            try (Interruption onCancel =
                    Interruption.onCancel(timer, () -> attachments.get(instance) == at, executor)) {
                return work.apply(at);
            }
        });
    }

    private <T> void forMission(
            long instance, Claim claim, String kind, StreamObserver<T> response, Function<Attachment, T> work) {
        answer(instance, response, at -> {
            try (Attachment.Flight flight = at.enter(claim.getMission(), kind)) {
                return work.apply(at);
            }
        });
    }

    private <T> void answer(long instance, StreamObserver<T> response, Function<Attachment, T> work) {
        // an answer that nobody waits for any more is no failure
        ((ServerCallStreamObserver<T>) response).setOnCancelHandler(() -> {});
        T answer;
        try {
            Attachment attachment = attachments.get(instance);
            if (attachment == null) {
                throw Trouble.NO_SESSION.because("instance " + instance + " is not connected to this replica");
            }
            attachment.check(TokenInterceptor.CALLER.get());
            answer = work.apply(attachment);
        } catch (RuntimeException e) {
            response.onError(Failures.of(e));
            return;
        }
        response.onNext(answer);
        response.onCompleted();
    }
}

package dev.tagma.app;

import static dev.tagma.app.ProtocolRig.PATIENCE;
import static dev.tagma.app.ProtocolRig.commit;
import static dev.tagma.app.ProtocolRig.feedback;
import static dev.tagma.app.ProtocolRig.fleet;
import static dev.tagma.app.ProtocolRig.refusal;
import static dev.tagma.app.ProtocolRig.runtime;
import static dev.tagma.app.ProtocolRig.starts;
import static dev.tagma.app.ProtocolRig.trouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.tagma.app.GrpcFleet.Pod;
import dev.tagma.app.GrpcFleet.Replica;
import dev.tagma.app.ScriptedRuntime.Orders;
import dev.tagma.mission.NewStep;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc;
import dev.tagma.wire.v1alpha1.Start;
import dev.tagma.wire.v1alpha1.StepContent;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway refuses of a runtime, and how it says so. */
class ProtocolRefusalsIT {
    @TempDir
    private Path directory;

    @Test
    void aPodOfAnotherPoolIsRefused() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1)) {
            Replica only = fleet.patientReplica("only");
            Pod pod = fleet.pod("pod");
            Pod other = new Pod(
                    "other", pod.uid(), pod.file(), fleet.tokens().issue("default:other-runtime", "other", pod.uid()));
            Pod unbound = new Pod("unbound", pod.uid(), pod.file(), "no such token");
            try (ScriptedRuntime first = runtime(fleet, only, other, 1);
                    ScriptedRuntime second = runtime(fleet, only, unbound, 1);
                    ScriptedRuntime third = new ScriptedRuntime(only.wire().address(), UUID.randomUUID(), pod, 1)) {
                StatusRuntimeException refusal = refusal(first.connect(first.hello()));
                assertThat(Trouble.of(refusal)).contains(Trouble.REFUSED);
                assertThat(refusal).hasMessageContaining("default/other");
                assertThat(Trouble.of(refusal(second.connect(second.hello())))).contains(Trouble.UNAUTHENTICATED);
                assertThat(Trouble.of(refusal(third.connect(third.hello()))))
                        .as("a pool of another UID, perhaps one of the same name that was there before")
                        .contains(Trouble.REFUSED);
            }
        }
    }

    @Test
    void aRequestThatEndsBeforeItBeginsIsNoInstance() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1);
                ScriptedRuntime runtime = runtime(fleet, fleet.patientReplica("only"), fleet.pod("pod"), 1)) {
            ClientCall<ConnectRequest, Order> call = runtime.channel()
                    .newCall(
                            RuntimeGatewayGrpc.getConnectMethod(),
                            CallOptions.DEFAULT.withCallCredentials(runtime.token()));
            CompletableFuture<Status> end = new CompletableFuture<>();
            call.start(
                    new ClientCall.Listener<Order>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    new Metadata());
            call.request(1);
            call.halfClose();
            assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).isOk()).isFalse();
            assertThat(fleet.rig().observer().instances().live(fleet.pool())).isEmpty();
        }
    }

    @Test
    void aMessageOverTheLimitIsRefusedByItsSizeAndTheSessionGoesOn() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1);
                ScriptedRuntime runtime = runtime(fleet, fleet.patientReplica("only"), fleet.pod("pod"), 1)) {
            Orders orders = runtime.connect(runtime.hello());
            long instance = orders.welcome().getInstance();
            int limit = orders.welcome().getMaxRequestBytes();
            fleet.rig().admit();
            starts(fleet, orders, 1);
            Start start = orders.starts().getFirst();

            StatusRuntimeException refusal = catchThrowableOfType(
                    StatusRuntimeException.class, () -> runtime.calls().commit(commit(instance, start, limit)));
            assertThat(Trouble.of(refusal)).contains(Trouble.MESSAGE_TOO_LARGE);
            assertThat(refusal).hasMessageContaining("at most " + limit + " bytes");
            assertThat(catchThrowableOfType(
                                    StatusRuntimeException.class,
                                    () -> runtime.calls().commit(commit(instance, start, 4 * limit)))
                            .getStatus()
                            .getCode())
                    .as("far beyond it the call is cut off")
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
            assertThat(trouble(() -> runtime.calls()
                            .commit(commit(instance, start, 1).toBuilder()
                                    .setSteps(0, feedback("x".repeat(NewStep.MAX_CONTENT)))
                                    .build())))
                    .as("a step has a limit of its own")
                    .isEqualTo(Trouble.INVALID);
            assertThat(runtime.calls()
                            .commit(commit(instance, start, NewStep.MAX_CONTENT / 2))
                            .hasCommitted())
                    .isTrue();
        }
    }

    @Test
    void withoutACommonVersionBothAreNamed() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1);
                ScriptedRuntime runtime = runtime(fleet, fleet.patientReplica("only"), fleet.pod("pod"), 1)) {
            StatusRuntimeException refusal = refusal(runtime.connect(runtime.hello().toBuilder()
                    .clearProtocols()
                    .addProtocols(7)
                    .addProtocols(8)
                    .setVersion("9.9.9")
                    .build()));
            assertThat(Trouble.of(refusal)).contains(Trouble.PROTOCOL_UNSUPPORTED);
            assertThat(refusal)
                    .hasMessageContaining("this gateway speaks the protocol versions [1]")
                    .hasMessageContaining("the runtime 9.9.9 speaks [7, 8]");
            assertThat(runtime.connect(
                                    runtime.hello().toBuilder().addProtocols(7).build())
                            .welcome()
                            .getProtocol())
                    .isEqualTo(1);
        }
    }

    @Test
    void nonsenseIsRefusedByItsField() throws Exception {
        try (GrpcFleet fleet = fleet(directory, 1);
                ScriptedRuntime runtime = runtime(fleet, fleet.patientReplica("only"), fleet.pod("pod"), 1)) {
            Orders orders = runtime.connect(runtime.hello());
            long instance = orders.welcome().getInstance();
            fleet.rig().admit();
            starts(fleet, orders, 1);
            Start start = orders.starts().getFirst();
            assertInvalid(
                    "slots",
                    () -> throwing(runtime.connect(
                            runtime.hello().toBuilder().setSlots(0).build())));
            assertInvalid(
                    "pool",
                    () -> throwing(runtime.connect(
                            runtime.hello().toBuilder().setPool("mine").build())));
            assertInvalid(
                    "claim.uid",
                    () -> runtime.calls()
                            .commit(commit(instance, start, 1).toBuilder()
                                    .setClaim(start.getClaim().toBuilder().setUid("me"))
                                    .build()));
            assertInvalid(
                    "digest",
                    () -> runtime.calls()
                            .commit(commit(instance, start, 1).toBuilder()
                                    .setBelieved(start.getHead().toBuilder().setDigest(ByteString.EMPTY))
                                    .build()));
            assertInvalid(
                    "kind",
                    () -> runtime.calls()
                            .commit(commit(instance, start, 1).toBuilder()
                                    .addSteps(StepContent.newBuilder().setKind(99))
                                    .build()));
            assertThat(fleet.rig().steps(fleet.rig().mission())).isEmpty();
        }
    }

    private static void throwing(Orders orders) {
        throw refusal(orders);
    }

    private static void assertInvalid(String field, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(Trouble.of(failure)).contains(Trouble.INVALID);
        assertThat(failure).hasMessageContaining(field);
    }
}

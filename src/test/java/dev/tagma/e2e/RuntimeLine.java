package dev.tagma.e2e;

import dev.tagma.wire.Protocol;
import dev.tagma.wire.Trouble;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.HeartbeatRequest;
import dev.tagma.wire.v1alpha1.LeaveRequest;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc.RuntimeGatewayBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Speaks to a gateway's pod as a runtime would, with whatever token. */
final class RuntimeLine implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int GRPC_PORT = 9443;

    private final Forward forward;
    private final ManagedChannel channel;

    RuntimeLine() {
        forward = new Forward(Tagma.NAMESPACE, Pods.name(Tagma.pods("gateway").getFirst()), GRPC_PORT);
        byte[] authority = Tagma.secret("tagma-gateway-tls", "ca.crt").getBytes(StandardCharsets.UTF_8);
        try {
            channel = NettyChannelBuilder.forTarget(
                            forward.authority(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(new ByteArrayInputStream(authority))
                                    .build())
                    .overrideAuthority("tagma-gateway." + Tagma.NAMESPACE)
                    .proxyDetector(target -> null)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came of a call: the instance that it is of, or why it failed. */
    record Answer(long instance, String trouble) {}

    /** Connects as a runtime of this pool, and stays where it is welcome. */
    Answer connect(String token, String pool) {
        ConnectRequest hello = ConnectRequest.newBuilder()
                .setPool(pool)
                .setPod("whoever")
                .setSlots(1)
                .setVersion("stranger")
                .addAllProtocols(Protocol.VERSIONS)
                .build();
        try {
            Iterator<Order> orders = stub(token).connect(hello);
            return new Answer(orders.next().getWelcome().getInstance(), "");
        } catch (StatusRuntimeException e) {
            return new Answer(0, trouble(e));
        }
    }

    /** Hands back what an instance of ours may have been given. */
    Answer leave(String token, Answer welcome) {
        try {
            stub(token)
                    .leave(LeaveRequest.newBuilder()
                            .setInstance(welcome.instance())
                            .build());
            return welcome;
        } catch (StatusRuntimeException e) {
            return new Answer(0, trouble(e));
        }
    }

    /** Speaks for an instance. */
    Answer heartbeat(String token, long instance) {
        try {
            stub(token)
                    .heartbeat(
                            HeartbeatRequest.newBuilder().setInstance(instance).build());
            return new Answer(instance, "");
        } catch (StatusRuntimeException e) {
            return new Answer(0, trouble(e));
        }
    }

    private RuntimeGatewayBlockingStub stub(String token) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return RuntimeGatewayGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static String trouble(StatusRuntimeException failure) {
        return Trouble.of(failure)
                .map(Enum::name)
                .orElseGet(() -> failure.getStatus().toString());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        forward.close();
    }

    /** The UID of the pool {@code default} of a namespace. */
    static String pool(String namespace) {
        return Suite.kubectl("get", "agentpool", "default", "-n", namespace, "-o", "jsonpath={.metadata.uid}")
                .ok();
    }
}

package dev.tagma.runtime.grpc;

import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.LeaveRequest;
import dev.tagma.wire.v1alpha1.LeaveResponse;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.ReleaseRequest;
import dev.tagma.wire.v1alpha1.ReleaseResponse;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc.RuntimeGatewayImplBase;
import dev.tagma.wire.v1alpha1.Welcome;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway that orders what a test says, and believes every token. */
final class ScriptedReplica extends RuntimeGatewayImplBase implements AutoCloseable {
    private static final long INSTANCE = 7;

    private final List<ReleaseRequest> released = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile StreamObserver<Order> orders;

    ScriptedReplica() throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(this)
                .build()
                .start();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    void order(Order order) {
        orders.onNext(order);
    }

    /** What was given back. */
    List<ReleaseRequest> released() {
        return released;
    }

    @Override
    public void connect(ConnectRequest request, StreamObserver<Order> response) {
        orders = response;
        order(Order.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setInstance(INSTANCE)
                        .setLeaseMillis(60_000)
                        .setProtocol(1)
                        .setMaxRequestBytes(2 << 20))
                .build());
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> response) {
        released.add(request);
        response.onNext(ReleaseResponse.newBuilder().setReleased(true).build());
        response.onCompleted();
    }

    @Override
    public void leave(LeaveRequest request, StreamObserver<LeaveResponse> response) {
        response.onNext(LeaveResponse.getDefaultInstance());
        response.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}

package dev.tagma.app;

import dev.tagma.app.GrpcFleet.Pod;
import dev.tagma.wire.OrderPieces;
import dev.tagma.wire.Protocol;
import dev.tagma.wire.v1alpha1.Claim;
import dev.tagma.wire.v1alpha1.ConnectRequest;
import dev.tagma.wire.v1alpha1.HeartbeatRequest;
import dev.tagma.wire.v1alpha1.Order;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc;
import dev.tagma.wire.v1alpha1.RuntimeGatewayGrpc.RuntimeGatewayBlockingStub;
import dev.tagma.wire.v1alpha1.Start;
import dev.tagma.wire.v1alpha1.Welcome;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Speaks the runtime's protocol as a test dictates it, well or badly. */
final class ScriptedRuntime implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManagedChannel channel;
    private final CallCredentials token;
    private final ConnectRequest hello;

    ScriptedRuntime(String address, UUID pool, Pod pod, int slots) {
        this(address, InsecureChannelCredentials.create(), pool, pod, slots);
    }

    ScriptedRuntime(String address, ChannelCredentials tls, UUID pool, Pod pod, int slots) {
        channel = NettyChannelBuilder.forTarget(address, tls)
                .proxyDetector(target -> null)
                .build();
        token = new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(AUTHORIZATION, "Bearer " + pod.token());
                applier.apply(headers);
            }
        };
        hello = ConnectRequest.newBuilder()
                .setPool(pool.toString())
                .setPod(pod.name())
                .setSlots(slots)
                .setVersion("scripted")
                .addAllProtocols(Protocol.VERSIONS)
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    CallCredentials token() {
        return token;
    }

    /** What it says when it connects, unless it is changed. */
    ConnectRequest hello() {
        return hello;
    }

    RuntimeGatewayBlockingStub calls() {
        return calls(PATIENCE);
    }

    private RuntimeGatewayBlockingStub calls(Duration deadline) {
        return RuntimeGatewayGrpc.newBlockingStub(channel)
                .withCallCredentials(token)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that it lives and runs this; throws where that is not answered within {@code deadline}. */
    boolean heartbeat(long instance, Collection<Claim> running, Duration deadline) {
        return calls(deadline)
                .heartbeat(HeartbeatRequest.newBuilder()
                        .setInstance(instance)
                        .addAllRunning(running)
                        .build())
                .getLive();
    }

    /** Connects, and reads every order at once. */
    Orders connect(ConnectRequest request) {
        return connect(request, Integer.MAX_VALUE);
    }

    /** Connects, and reads so many messages until it is told to read more. */
    Orders connect(ConnectRequest request, int messages) {
        Orders orders = new Orders(messages);
        RuntimeGatewayGrpc.newStub(channel).withCallCredentials(token).connect(request, orders);
        return orders;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** The stream of orders. */
    static final class Orders implements ClientResponseObserver<ConnectRequest, Order> {
        private final int first;
        private final OrderPieces pieces = new OrderPieces();
        private final List<Order> whole = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile ClientCallStreamObserver<ConnectRequest> stream;
        private volatile int fragments;

        private Orders(int first) {
            this.first = first;
        }

        /** Waits for it; throws what the gateway says instead. */
        Welcome welcome() throws Exception {
            return welcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        List<Start> starts() {
            return whole.stream().filter(Order::hasStart).map(Order::getStart).toList();
        }

        /** How many pieces of orders have come. */
        int fragments() {
            return fragments;
        }

        boolean ended() {
            return end.isDone();
        }

        void read(int messages) {
            stream.request(messages);
        }

        void cancel() {
            stream.cancel("as the test says", null);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ConnectRequest> call) {
            call.disableAutoRequestWithInitial(first);
            stream = call;
        }

        @Override
        public void onNext(Order message) {
            if (message.hasFragment()) {
                fragments++;
            }
            pieces.add(message).ifPresent(order -> {
                whole.add(order);
                if (order.hasWelcome()) {
                    welcome.complete(order.getWelcome());
                }
            });
        }

        @Override
        public void onError(Throwable failure) {
            welcome.completeExceptionally(failure);
            end.complete(null);
        }

        @Override
        public void onCompleted() {
            onError(new StatusRuntimeException(io.grpc.Status.OK));
        }
    }
}

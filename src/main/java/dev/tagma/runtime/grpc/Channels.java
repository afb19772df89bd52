package dev.tagma.runtime.grpc;

import dev.tagma.wire.OrderPieces;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Opens channels to the gateway's addresses in turn, from a random one on; where a name stands for several, one of them at random. */
final class Channels implements AutoCloseable {
    /** An answer holds a step or the definitions of an agent's tools. */
    private static final int MAX_ANSWER = 32 << 20;

    private static final Map<String, ?> ANY_REPLICA =
            Map.of("loadBalancingConfig", List.of(Map.of("pick_first", Map.of("shuffleAddressList", true))));

    private final GrpcLinkSettings settings;
    private final AtomicInteger turn;
    private final Set<ManagedChannel> open = ConcurrentHashMap.newKeySet();

    Channels(GrpcLinkSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.turn = new AtomicInteger(random.nextInt(settings.addresses().size()));
    }

    ManagedChannel next() {
        String address = settings.addresses()
                .get(Math.floorMod(turn.getAndIncrement(), settings.addresses().size()));
        open.removeIf(ManagedChannel::isTerminated);
        ManagedChannel channel = NettyChannelBuilder.forTarget(address, credentials())
                .defaultServiceConfig(ANY_REPLICA)
                .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveWithoutCalls(true)
                .maxInboundMessageSize(Math.max(MAX_ANSWER, OrderPieces.PIECE * 2))
                // a gateway is reached directly
                .proxyDetector(target -> null)
                .build();
        open.add(channel);
        return channel;
    }

    /** Ends what is left of them. */
    @Override
    public void close() {
        open.forEach(ManagedChannel::shutdownNow);
    }

    private ChannelCredentials credentials() {
        if (settings.plaintext()) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
        if (settings.ca() != null) {
            try {
                tls.trustManager(settings.ca().toFile());
            } catch (IOException e) {
                throw new UncheckedIOException("the certificates in " + settings.ca() + " cannot be read", e);
            }
        }
        return tls.build();
    }
}

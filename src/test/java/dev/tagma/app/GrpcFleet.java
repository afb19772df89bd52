package dev.tagma.app;

import dev.tagma.agent.Ending;
import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.app.engine.GatewayEngine;
import dev.tagma.app.engine.RuntimeEngine;
import dev.tagma.gateway.GatewaySettings;
import dev.tagma.gateway.GatewayStores;
import dev.tagma.gateway.ReplyFeed;
import dev.tagma.gateway.grpc.GrpcRuntimeServer;
import dev.tagma.gateway.grpc.GrpcServerSettings;
import dev.tagma.gateway.grpc.GrpcServerSettings.CertificateFiles;
import dev.tagma.gateway.grpc.PoolAccount;
import dev.tagma.mission.LocalHints;
import dev.tagma.mission.link.Hello;
import dev.tagma.registry.InstanceRegistry;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeRecorder;
import dev.tagma.runtime.RuntimeSettings;
import dev.tagma.runtime.grpc.GrpcGatewayLink;
import dev.tagma.runtime.grpc.GrpcLinkSettings;
import dev.tagma.store.PostgresStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Gateway replicas and runtimes joined by gRPC over loopback, on one Postgres. */
final class GrpcFleet implements AutoCloseable {
    private final Rig rig;
    private final Path directory;
    private final FakeTokens tokens = new FakeTokens();
    private final AtomicInteger sessionsLost = new AtomicInteger();
    private final List<Replica> replicas = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Tokens are kept in {@code directory}. */
    GrpcFleet(Rig rig, Path directory) {
        this.rig = rig;
        this.directory = directory;
    }

    Rig rig() {
        return rig;
    }

    FakeTokens tokens() {
        return tokens;
    }

    UUID pool() {
        return UUID.fromString(rig.resources().pools().getFirst().getMetadata().getUid());
    }

    /** One more gateway. Its lease is long enough for a machine that stands still for seconds. */
    Replica replica(String name) {
        return replica(withLease(name, Duration.ofSeconds(5)), UnaryOperator.identity());
    }

    private static GatewaySettings withLease(String name, Duration lease) {
        return GatewaySettings.of(name).withLease(lease);
    }

    /** One more gateway, before which an instance that says nothing lives for a minute. */
    Replica patientReplica(String name) {
        return replica(withLease(name, Duration.ofMinutes(1)), UnaryOperator.identity());
    }

    /** One more gateway that counts whose lease it shortens. */
    Replica countingReplica(String name, AtomicInteger shortened) {
        return replica(
                withLease(name, Duration.ofSeconds(5)),
                ports -> new GatewayStores(
                        ports.steps(),
                        ports.missions(),
                        ports.pools(),
                        counting(ports.instances(), shortened),
                        ports.bindings(),
                        ports.calls(),
                        ports.hints()));
    }

    private static InstanceRegistry counting(InstanceRegistry registry, AtomicInteger shortened) {
        return (InstanceRegistry) Proxy.newProxyInstance(
                InstanceRegistry.class.getClassLoader(),
                new Class<?>[] {InstanceRegistry.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("shorten")) {
                        shortened.incrementAndGet();
                    }
                    try {
                        return method.invoke(registry, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** One more gateway, over TLS. */
    Replica tlsReplica(String name, CertificateFiles tls) {
        return replica(GatewaySettings.of(name), UnaryOperator.identity(), tls);
    }

    /** One more gateway, which hears nothing of what other processes change. */
    Replica deafReplica(String name) {
        return replica(
                GatewaySettings.of(name),
                ports -> new GatewayStores(
                        ports.steps(),
                        ports.missions(),
                        ports.pools(),
                        ports.instances(),
                        ports.bindings(),
                        ports.calls(),
                        new LocalHints()));
    }

    private Replica replica(GatewaySettings behaviour, UnaryOperator<GatewayStores> trouble) {
        return replica(behaviour, trouble, null);
    }

    private Replica replica(GatewaySettings behaviour, UnaryOperator<GatewayStores> trouble, CertificateFiles tls) {
        PostgresStore store = PostgresStore.open(rig.database());
        GatewayStores ports = trouble.apply(GatewayEngine.stores(store));
        ManifestCatalog catalog = new ManifestCatalog(rig.resources());
        GatewayEngine engine = new GatewayEngine(
                ports, new GatewayEngine.Surroundings(catalog, new Toolboxes(), ReplyFeed.NONE), behaviour);
        GrpcServerSettings defaults =
                GrpcServerSettings.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null);
        GrpcServerSettings settings = new GrpcServerSettings(
                defaults.address(),
                tls,
                defaults.keepAlive(),
                defaults.keepAliveTimeout(),
                defaults.connectionAge(),
                defaults.connectionAgeGrace(),
                Duration.ofSeconds(5),
                2 << 20,
                defaults.callsPerConnection());
        GrpcRuntimeServer server;
        try {
            server = GrpcRuntimeServer.start(engine.gateway(), tokens, new PoolAccount(catalog), settings);
        } catch (RuntimeException e) {
            engine.close();
            store.close();
            throw e;
        }
        Replica replica = new Replica(store, engine, server, new LoopbackWire(server.port()));
        open.push(replica);
        replicas.add(replica);
        return replica;
    }

    List<Replica> replicas() {
        return replicas;
    }

    /** A pod of the pool, with a token of its own. */
    Pod pod(String name) throws IOException {
        return pod(name, UUID.randomUUID());
    }

    Pod pod(String name, UUID uid) throws IOException {
        Path file = directory.resolve("token-" + name);
        Pod pod = new Pod(name, uid, file, tokens.issue("default:default-runtime", name, uid));
        Files.writeString(file, pod.token());
        return pod;
    }

    /** The process of a pod, which dials the replicas in this order. */
    RuntimeInstance runtime(Pod pod, int slots, Replica... replicas) {
        RuntimeEngine engine = new RuntimeEngine(new Toolboxes());
        open.push(engine);
        GrpcLinkSettings settings = GrpcLinkSettings.plaintext(
                Arrays.stream(replicas).map(replica -> replica.wire().address()).toList(), pod.file());
        GrpcGatewayLink link = new GrpcGatewayLink(settings, engine.clock(), () -> 0L);
        open.push(link);
        RuntimeInstance runtime = engine.start(
                link,
                new Hello(pool(), pod.name(), slots, "test"),
                new RuntimeSettings(Duration.ofSeconds(5), new CountedLosses()));
        open.push(runtime);
        return runtime;
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        rig.close();
    }

    /** How often a runtime gave up its session. */
    int sessionsLost() {
        return sessionsLost.get();
    }

    private final class CountedLosses implements RuntimeRecorder {
        @Override
        public void started() {}

        @Override
        public void ended(Ending how) {}

        @Override
        public void sessionLost() {
            sessionsLost.incrementAndGet();
        }
    }

    /** A pod and its token. */
    record Pod(String name, UUID uid, Path file, String token) {}

    /** A gateway with its server, and the wire that leads to it. */
    record Replica(PostgresStore store, GatewayEngine engine, GrpcRuntimeServer server, LoopbackWire wire)
            implements AutoCloseable {
        /** As if its process were killed: nobody hears of it any more, and it stores nothing. */
        void die() {
            wire.cut();
            store.close();
            engine.close();
            server.close();
        }

        @Override
        public void close() {
            server.close();
            engine.close();
            store.close();
            wire.close();
        }
    }
}

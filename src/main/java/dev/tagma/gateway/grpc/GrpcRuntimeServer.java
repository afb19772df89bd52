package dev.tagma.gateway.grpc;

import dev.tagma.gateway.Gateway;
import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.grpc.GrpcServerSettings.CertificateFiles;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The gateway's gRPC server for runtimes. */
public final class GrpcRuntimeServer implements AutoCloseable {
    /** A runtime asks about its gateway's health no more often than that. */
    private static final Duration PERMITTED_KEEP_ALIVE = Duration.ofSeconds(5);

    /** Calls that a runtime may cancel in a while: those of all its missions at once, and not a stream of them. */
    private static final int CANCELS = 20_000;

    private static final int CANCELS_SECONDS = 30;

    private final RuntimeService service;
    private final Server server;
    private final Duration grace;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    private GrpcRuntimeServer(
            RuntimeService service,
            Server server,
            Duration grace,
            ExecutorService threads,
            ScheduledExecutorService timer) {
        this.service = service;
        this.server = server;
        this.grace = grace;
        this.threads = threads;
        this.timer = timer;
    }

    /** Listens from now on. Throws UncheckedIOException where the address or the certificate cannot be used. */
    public static GrpcRuntimeServer start(
            Gateway gateway, Authenticator authenticator, RuntimeAccess access, GrpcServerSettings settings) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("runtime-server-timer").daemon().factory());
        RequestLimit limit = new RequestLimit(settings.maxRequestBytes());
        RuntimeService service = new RuntimeService(gateway, access, settings.maxRequestBytes(), threads, timer);
        try {
            Server server = NettyServerBuilder.forAddress(settings.address(), credentials(settings.tls(), timer))
                    .executor(threads)
                    .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .permitKeepAliveTime(PERMITTED_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .maxConnectionAge(settings.connectionAge().toMillis(), TimeUnit.MILLISECONDS)
                    .maxConnectionAgeGrace(settings.connectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
                    .maxConcurrentCallsPerConnection(settings.callsPerConnection())
                    .maxRstFramesPerWindow(CANCELS, CANCELS_SECONDS)
                    .maxInboundMessageSize(limit.hard())
                    .intercept(limit)
                    .intercept(new TokenInterceptor(authenticator))
                    .addService(service)
                    .build()
                    .start();
            return new GrpcRuntimeServer(service, server, settings.shutdownGrace(), threads, timer);
        } catch (IOException e) {
            timer.shutdownNow();
            throw new UncheckedIOException("cannot serve runtimes at " + settings.address() + ": " + e.getMessage(), e);
        }
    }

    private static ServerCredentials credentials(CertificateFiles tls, ScheduledExecutorService timer)
            throws IOException {
        if (tls == null) {
            return InsecureServerCredentials.create();
        }
        return TlsServerCredentials.newBuilder()
                .keyManager(ServerCertificate.watched(tls, timer))
                .build();
    }

    /** The port it listens at. */
    public int port() {
        return server.getPort();
    }

    /** Sends every runtime to another replica, lets the calls in flight end within the grace, and ends. To be closed before its gateway. */
    @Override
    public void close() {
        service.ending();
        server.shutdown();
        service.endAll();
        try {
            if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
        threads.shutdownNow();
    }
}

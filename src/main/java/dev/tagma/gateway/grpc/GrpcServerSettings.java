package dev.tagma.gateway.grpc;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a gateway listens for runtimes.
 *
 * @param address to listen at; port 0 takes a free one
 * @param tls the certificate to show, or null for plain text
 * @param keepAlive of silence before the peer is asked whether it still is there
 * @param keepAliveTimeout before it is given up for not answering
 * @param connectionAge after which a runtime is asked to connect anew, so that runtimes spread over the replicas
 * @param connectionAgeGrace after that, how long the calls in flight on the old connection may still take
 * @param shutdownGrace how long the calls in flight may take when this replica closes
 * @param maxRequestBytes the largest request, 2 MiB to 512 MiB
 * @param callsPerConnection that may be in flight; above the calls that all slots of a runtime make, or heartbeats wait behind them
 */
public record GrpcServerSettings(
        InetSocketAddress address,
        CertificateFiles tls,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration connectionAge,
        Duration connectionAgeGrace,
        Duration shutdownGrace,
        int maxRequestBytes,
        int callsPerConnection) {
    /** Largest request unless it is set otherwise: 16 MiB. */
    public static final int DEFAULT_MAX_REQUEST_BYTES = 16 << 20;

    private static final int MIN_REQUEST_BYTES = 2 << 20;
    private static final int MAX_REQUEST_BYTES = 512 << 20;

    /** Files in PEM; both are read again so often, and shown to new connections where they have changed. */
    public record CertificateFiles(Path certificate, Path key, Duration rereadEvery) {
        /** Read again every 10 s. */
        public CertificateFiles(Path certificate, Path key) {
            this(certificate, key, Duration.ofSeconds(10));
        }
    }

    public GrpcServerSettings {
        if (maxRequestBytes < MIN_REQUEST_BYTES || maxRequestBytes > MAX_REQUEST_BYTES) {
            throw new IllegalArgumentException(
                    "maxRequestBytes must be 2 MiB, which a step of 1 MiB fits in, to 512 MiB, not " + maxRequestBytes);
        }
        if (callsPerConnection < 1) {
            throw new IllegalArgumentException("callsPerConnection must be positive, not " + callsPerConnection);
        }
    }

    /** What a replica uses unless it is told otherwise; {@code tls} may be null. */
    public static GrpcServerSettings of(InetSocketAddress address, CertificateFiles tls) {
        return new GrpcServerSettings(
                address,
                tls,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(20),
                DEFAULT_MAX_REQUEST_BYTES,
                20_000);
    }
}

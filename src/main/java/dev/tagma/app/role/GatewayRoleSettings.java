package dev.tagma.app.role;

import dev.tagma.gateway.GatewaySettings;
import dev.tagma.gateway.egress.Neighbours;
import dev.tagma.gateway.grpc.GrpcServerSettings;
import dev.tagma.gateway.grpc.GrpcServerSettings.CertificateFiles;
import dev.tagma.gateway.rest.http.RestLimits;
import dev.tagma.store.DatabaseSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a gateway replica is told.
 *
 * @param gateway its name, unique among the replicas, the lease of its runtimes, and what tools may reach
 * @param watched namespaces; empty means all
 * @param grpcHost address and {@code grpcPort} that runtimes dial
 * @param certificate and {@code key} of it as PEM files, read again when they change; null where it speaks plain text
 * @param rest how much REST it takes
 */
record GatewayRoleSettings(
        DatabaseSettings database,
        GatewaySettings gateway,
        Set<String> watched,
        String grpcHost,
        int grpcPort,
        Path certificate,
        Path key,
        RestLimits rest) {
    private static final Setting GRPC_HOST = Setting.optional("TAGMA_GRPC_HOST", "0.0.0.0", "address for runtimes");
    private static final Setting GRPC_PORT =
            Setting.optional("TAGMA_GRPC_PORT", "9443", "its port; 0 takes a free one");
    private static final Setting CERTIFICATE =
            Setting.optional("TAGMA_TLS_CERT", "", "PEM file with the certificate chain; read again when it changes");
    private static final Setting KEY = Setting.optional("TAGMA_TLS_KEY", "", "PEM file with its private key");
    private static final Setting PLAINTEXT = Setting.optional(
            "TAGMA_GATEWAY_PLAINTEXT", "false", "true serves without TLS: only where the network encrypts");

    // longer than in one process: a pod that has just started, or has used up its share of a processor, is silent for
    // seconds
    private static final Setting LEASE = Setting.optional(
            "TAGMA_RUNTIME_LEASE_SECONDS", "5", "after how long without a heartbeat another runtime goes on");

    private static final Setting NEIGHBOURS = Setting.optional(
            "TAGMA_EGRESS_NEIGHBOURS",
            "false",
            "true lets allowedHosts open this process's loopback and its node's links, the cloud's metadata among them");

    static final List<Setting> VARIABLES = Stream.of(
                    ClusterVariables.ALL,
                    DatabaseVariables.ALL,
                    List.of(GRPC_HOST, GRPC_PORT, CERTIFICATE, KEY, PLAINTEXT, LEASE, NEIGHBOURS),
                    RestVariables.ALL)
            .flatMap(List::stream)
            .toList();

    static GatewayRoleSettings read(Environment environment) {
        HttpVariables.check(environment);
        Path certificate = environment.file(CERTIFICATE);
        Path key = environment.file(KEY);
        if (!environment.flag(PLAINTEXT)) {
            demanded(environment, CERTIFICATE, certificate);
            demanded(environment, KEY, key);
        } else if (certificate != null || key != null) {
            environment.problem(PLAINTEXT, "is true and a certificate is named: keep one of the two");
        }
        environment.text(ClusterVariables.NAMESPACE);
        return new GatewayRoleSettings(
                DatabaseVariables.read(environment, "tagma-gateway"),
                GatewaySettings.of(ClusterVariables.name(environment, "gateway"))
                        .withLease(Duration.ofSeconds(environment.number(LEASE, 1, 300)))
                        .with(environment.flag(NEIGHBOURS) ? Neighbours.Allowed : Neighbours.Refused),
                environment.names(ClusterVariables.WATCH_NAMESPACES),
                environment.text(GRPC_HOST),
                environment.number(GRPC_PORT, 0, 65_535),
                certificate,
                key,
                RestVariables.read(environment));
    }

    /** How runtimes are let in. */
    GrpcServerSettings runtimeDoor() {
        return GrpcServerSettings.of(
                new InetSocketAddress(grpcHost, grpcPort),
                certificate == null ? null : new CertificateFiles(certificate, key));
    }

    private static void demanded(Environment environment, Setting setting, Path file) {
        if (file == null) {
            environment.problem(setting, "is not set: " + setting.says() + "; or set " + PLAINTEXT.name() + "=true");
        }
    }
}

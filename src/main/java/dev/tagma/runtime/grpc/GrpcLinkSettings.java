package dev.tagma.runtime.grpc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a runtime reaches its gateway.
 *
 * @param addresses {@code host:port} of the gateway; a name may stand for several replicas, and several may be given: they take turns
 * @param ca certificates in PEM to trust, read again for each connection; null trusts those of the JDK
 * @param plaintext without TLS
 * @param tokenFile holds the pod's projected token, read again for each call
 * @param keepAlive of silence before the gateway is asked whether it still is there
 * @param keepAliveTimeout before a connection is given up for not answering
 * @param callTimeout of everything but models and tools, which end with their mission's time
 * @param longestCall of a model or a tool, whatever their mission's time
 */
public record GrpcLinkSettings(
        List<String> addresses,
        Path ca,
        boolean plaintext,
        Path tokenFile,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration callTimeout,
        Duration longestCall) {
    public GrpcLinkSettings {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses: give the host:port of a gateway");
        }
        if (plaintext && ca != null) {
            throw new IllegalArgumentException("ca: " + ca + " is of no use where plaintext is set");
        }
    }

    /** Over TLS, with what a runtime uses unless it is told otherwise; {@code ca} may be null. */
    public static GrpcLinkSettings tls(List<String> addresses, Path ca, Path tokenFile) {
        return of(addresses, ca, false, tokenFile);
    }

    /** The same without TLS. */
    public static GrpcLinkSettings plaintext(List<String> addresses, Path tokenFile) {
        return of(addresses, null, true, tokenFile);
    }

    private static GrpcLinkSettings of(List<String> addresses, Path ca, boolean plaintext, Path tokenFile) {
        return new GrpcLinkSettings(
                addresses,
                ca,
                plaintext,
                tokenFile,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofHours(1));
    }
}

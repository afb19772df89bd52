package dev.tagma.gateway.grpc;

import dev.tagma.gateway.Gateway;
import dev.tagma.gateway.access.Authenticator;

/** The gateway's gRPC server for runtimes. */
public final class GrpcRuntimeServer implements AutoCloseable {
    private GrpcRuntimeServer() {}

    /** Listens from now on. Throws UncheckedIOException where the address or the certificate cannot be used. */
    public static GrpcRuntimeServer start(
            Gateway gateway, Authenticator authenticator, RuntimeAccess access, GrpcServerSettings settings) {
        throw new UnsupportedOperationException("the protocol is there, its server comes");
    }

    /** The port it listens at. */
    public int port() {
        return 0;
    }

    /** Sends every runtime to another replica, lets the calls in flight end within the grace, and ends. To be closed before its gateway. */
    @Override
    public void close() {}
}

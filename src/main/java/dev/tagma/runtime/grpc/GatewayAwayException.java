package dev.tagma.runtime.grpc;

/** No gateway can be reached at the moment: the lease goes on to lapse. */
final class GatewayAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GatewayAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}

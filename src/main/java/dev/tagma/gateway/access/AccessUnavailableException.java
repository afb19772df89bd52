package dev.tagma.gateway.access;

/** Kubernetes could not be asked who somebody is or what they may do: ask again later. */
public final class AccessUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AccessUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}

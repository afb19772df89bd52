package dev.tagma.mission;

/** The store did not answer, or not in time. Transient: whoever owns the retry tries again; the outcome of a write is unknown. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.tagma.store;

/** The database answers, but cannot be used as it is; the message says why and what to do. */
public final class DatabaseRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}

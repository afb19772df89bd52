package dev.tagma.app.postgres;

/** The embedded Postgres cannot be used; the message says what is wrong and what to do. */
public final class PostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PostgresException(String message) {
        super(message);
    }

    public PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}

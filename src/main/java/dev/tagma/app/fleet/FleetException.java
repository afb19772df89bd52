package dev.tagma.app.fleet;

/** A cluster does not do what a command wants. */
public final class FleetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public FleetException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public FleetException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Whose trouble it is. */
    public enum Kind {
        /** It answers, and says no. */
        Refused,
        /** It does not answer, or cannot at the moment. */
        Unreachable
    }
}

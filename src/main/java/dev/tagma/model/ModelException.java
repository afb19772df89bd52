package dev.tagma.model;

import java.time.Duration;
import java.util.Objects;

/** A model call that brought no reply. */
public final class ModelException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient Duration retryAfter;

    public ModelException(Kind kind, String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.retryAfter = retryAfter;
    }

    /** What kind of trouble it was. */
    public Kind kind() {
        return kind;
    }

    /** What the provider asked to wait, or null. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** The kinds, and what follows from each. */
    public enum Kind {
        /** No connection, or a 5xx: retried, then the next model. */
        Unreachable,
        /** No reply in time: retried, then the next model. */
        Timeout,
        /** 429: retried after what the provider says, then the next model. */
        RateLimited,
        /** 401 or 403: the next model at once. */
        AuthenticationFailed,
        /** 400 or 404, a model that does not exist, a context that is too long: the next model at once. */
        InvalidRequest,
        /** The provider's filter refused the content: no other model is asked. */
        ContentRefused,
        /** The reply could not be read: retried, then the next model. */
        InvalidReply;

        /** Whether the same model may be asked again. */
        public boolean retriable() {
            return switch (this) {
                case Unreachable, Timeout, RateLimited, InvalidReply -> true;
                case AuthenticationFailed, InvalidRequest, ContentRefused -> false;
            };
        }
    }
}

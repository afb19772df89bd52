package dev.tagma.model.provider;

import dev.tagma.model.ModelException;

/** Carries a failure, or an interruption, out through langchain4j, whose interfaces know no checked exceptions. */
final class CallFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ModelException failure;

    /** A failed call; {@code failure} is null where the thread was interrupted. */
    CallFailedException(ModelException failure) {
        super(failure == null ? "interrupted" : failure.getMessage());
        this.failure = failure;
    }

    /** The one that {@code thrown} is or was caused by, or null. */
    static CallFailedException in(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CallFailedException failed) {
                return failed;
            }
        }
        return null;
    }

    ModelException failure() {
        return failure;
    }
}

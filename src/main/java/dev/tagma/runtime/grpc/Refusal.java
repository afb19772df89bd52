package dev.tagma.runtime.grpc;

import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.wire.Trouble;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** What a failed call means to a mission. */
final class Refusal {
    private Refusal() {}

    /**
     * The exception to throw. Whatever may pass, while the lease lasts, is a store that is away: the mission repeats its request, and the
     * lease ends the waiting.
     */
    static RuntimeException of(StatusRuntimeException failure) {
        Optional<Trouble> trouble = Trouble.of(failure);
        return trouble.map(named -> of(named, failure)).orElseGet(() -> unnamed(failure));
    }

    private static RuntimeException of(Trouble trouble, StatusRuntimeException failure) {
        return switch (trouble) {
            case STORE_UNAVAILABLE, ACCESS_UNAVAILABLE, BUSY, NO_SESSION, INSTANCE_DEAD, UNAUTHENTICATED, REFUSED ->
                away(failure);
            case INVALID -> new IllegalArgumentException(failure.getStatus().getDescription(), failure);
            case MESSAGE_TOO_LARGE, PROTOCOL_UNSUPPORTED, FAULT -> permanent(failure);
        };
    }

    private static RuntimeException unnamed(StatusRuntimeException failure) {
        Code code = failure.getStatus().getCode();
        if (code == Code.CANCELLED && Thread.currentThread().isInterrupted()) {
            CancellationException cancelled = new CancellationException("interrupted while waiting for the gateway");
            cancelled.initCause(failure);
            return cancelled;
        }
        return code == Code.RESOURCE_EXHAUSTED || code == Code.UNIMPLEMENTED ? permanent(failure) : away(failure);
    }

    private static StoreUnavailableException away(StatusRuntimeException failure) {
        return new StoreUnavailableException(failure.getMessage(), failure);
    }

    private static IllegalStateException permanent(StatusRuntimeException failure) {
        return new IllegalStateException(failure.getMessage(), failure);
    }
}

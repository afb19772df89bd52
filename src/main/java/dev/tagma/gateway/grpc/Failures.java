package dev.tagma.gateway.grpc;

import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.UnauthenticatedException;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.wire.Trouble;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;

/** What a runtime is told of a failure. */
final class Failures {
    private static final Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    static StatusRuntimeException of(RuntimeException failure) {
        return switch (failure) {
            case StatusRuntimeException e -> e;
            case StoreUnavailableException e -> Trouble.STORE_UNAVAILABLE.because(e.getMessage());
            case AccessUnavailableException e -> Trouble.ACCESS_UNAVAILABLE.because(e.getMessage());
            case CatalogUnavailableException e -> Trouble.ACCESS_UNAVAILABLE.because(e.getMessage());
            case UnauthenticatedException e -> Trouble.UNAUTHENTICATED.because(e.getMessage());
            case IllegalArgumentException e -> Trouble.INVALID.because(e.getMessage());
            case CancellationException e ->
                Status.CANCELLED.withDescription(e.getMessage()).asRuntimeException();
            default -> {
                LOG.log(Level.ERROR, "a call of a runtime failed", failure);
                yield Trouble.FAULT.because("the gateway has a bug, which its log shows: " + failure);
            }
        };
    }
}

package dev.tagma.app.role;

import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.store.DatabaseRefusedException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Tells a start that may succeed later from one that needs a person. */
final class StartTrouble {
    private static final int UNAUTHORIZED = 401;
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private StartTrouble() {}

    /** Whether it, or what caused it, is of the kind that passes. */
    static boolean passes(Throwable trouble) {
        return switch (trouble) {
            case null -> false;
            case DatabaseRefusedException e -> false;
            case StoreUnavailableException e -> true;
            case CatalogUnavailableException e -> true;
            case StatusRuntimeException e -> true;
            case KubernetesClientException e -> passes(e.getCode());
            case IOException e -> true;
            case TimeoutException e -> true;
            case Throwable e -> passes(e.getCause());
        };
    }

    /** A token that was just created or rotated may not be known everywhere yet; no code means no answer. */
    private static boolean passes(int code) {
        return code <= 0 || code == UNAUTHORIZED || code == TOO_MANY || code >= SERVER_ERROR;
    }
}

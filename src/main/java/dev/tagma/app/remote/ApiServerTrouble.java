package dev.tagma.app.remote;

import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.fleet.FleetException.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server says when it does not do what it is asked. */
final class ApiServerTrouble {
    private static final int SERVER_ERROR = 500;

    private ApiServerTrouble() {}

    /** In its own words, where it has any. */
    static String said(KubernetesClientException e) {
        if (e.getStatus() != null && e.getStatus().getMessage() != null) {
            return e.getStatus().getMessage();
        }
        return e.getCause() == null
                ? e.getMessage()
                : e.getMessage() + ": " + e.getCause().getMessage();
    }

    static FleetException translate(String what, KubernetesClientException e) {
        boolean refused = e.getCode() > 0 && e.getCode() < SERVER_ERROR;
        return new FleetException(
                refused ? Kind.Refused : Kind.Unreachable,
                (what.isEmpty() ? "" : what + ": ") + (refused ? "" : "the API server does not answer: ") + said(e),
                e);
    }
}

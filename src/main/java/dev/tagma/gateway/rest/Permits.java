package dev.tagma.gateway.rest;

import dev.tagma.gateway.access.Authorizer;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;

/** Refuses what Kubernetes does not let the caller do. */
final class Permits {
    private final Authorizer authorizer;

    Permits(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    void require(Caller caller, Deed deed) {
        if (!authorizer.permits(caller, deed)) {
            throw ProblemException.forbidden(caller.user() + " may not " + deed.verb() + " " + deed.resource()
                    + ".tagma.dev" + (deed.name().isEmpty() ? "" : " \"" + deed.name() + "\"")
                    + (deed.namespace().isEmpty() ? " in all namespaces" : " in namespace " + deed.namespace()));
        }
    }

    boolean given(Caller caller, Deed deed) {
        return authorizer.permits(caller, deed);
    }
}

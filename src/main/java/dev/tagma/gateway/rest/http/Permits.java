package dev.tagma.gateway.rest.http;

import dev.tagma.gateway.access.Authorizer;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;

/** Refuses what Kubernetes does not let the caller do. */
public final class Permits {
    private final Authorizer authorizer;

    public Permits(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /** Throws the problem of a deed that the caller may not do. */
    public void require(Caller caller, Deed deed) {
        if (!authorizer.permits(caller, deed)) {
            throw ProblemException.forbidden(caller.user() + " may not " + deed.verb() + " " + deed.resource()
                    + ".tagma.dev" + (deed.name().isEmpty() ? "" : " \"" + deed.name() + "\"")
                    + (deed.namespace().isEmpty() ? " in all namespaces" : " in namespace " + deed.namespace()));
        }
    }

    /** Whether the caller may do it. */
    public boolean given(Caller caller, Deed deed) {
        return authorizer.permits(caller, deed);
    }
}

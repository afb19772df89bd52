package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.rest.http.AuthenticatedCaller;

/**
 * Who listens to a stream: asked for anew as long as it lasts.
 *
 * @param token that proves the caller
 */
record Watcher(Caller caller, String token) {
    static Watcher of(AuthenticatedCaller authenticated) {
        return new Watcher(authenticated.caller(), authenticated.token());
    }

    /** Never the token. */
    @Override
    public String toString() {
        return caller.user();
    }
}

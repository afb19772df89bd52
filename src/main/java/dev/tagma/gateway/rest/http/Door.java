package dev.tagma.gateway.rest.http;

import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Caller;
import java.util.function.LongSupplier;

/** Lets nobody in whom Kubernetes does not vouch for, and nobody too often. */
public final class Door {
    private static final String BEARER = "bearer ";

    private final Authenticator authenticator;
    private final RateLimits limits;

    /** @param nanos the monotonic clock */
    public Door(Authenticator authenticator, RestLimits limits, LongSupplier nanos) {
        this.authenticator = authenticator;
        this.limits = new RateLimits(limits, nanos);
    }

    /**
     * Who calls.
     *
     * @param authorization the header as it came, or null
     */
    AuthenticatedCaller enter(String authorization, boolean secure) {
        String token = token(authorization);
        Caller caller = authenticator.authenticate(token, Authenticator.USER_AUDIENCE);
        limits.take(caller.user());
        return new AuthenticatedCaller(caller, token, secure);
    }

    /** The token in the header, which nobody vouches for yet. */
    static String token(String authorization) {
        if (authorization == null) {
            throw ProblemException.unauthorized("send a token of the cluster as Authorization: Bearer TOKEN");
        }
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw ProblemException.unauthorized("only Authorization: Bearer TOKEN is understood");
        }
        return authorization.substring(BEARER.length()).strip();
    }
}

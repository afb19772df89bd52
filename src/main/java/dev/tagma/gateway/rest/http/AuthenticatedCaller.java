package dev.tagma.gateway.rest.http;

import dev.tagma.gateway.access.Caller;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** The caller of a request, with the token that proves it. */
public record AuthenticatedCaller(Caller caller, String token, boolean secure) implements SecurityContext, Principal {
    /** The caller of a request that the filters let through. */
    public static Caller of(SecurityContext context) {
        return principal(context).caller;
    }

    /** The same with its token. */
    public static AuthenticatedCaller principal(SecurityContext context) {
        if (context.getUserPrincipal() instanceof AuthenticatedCaller authenticated) {
            return authenticated;
        }
        throw ProblemException.unauthorized("nobody without a token");
    }

    @Override
    public String getName() {
        return caller.user();
    }

    @Override
    public Principal getUserPrincipal() {
        return this;
    }

    @Override
    public boolean isUserInRole(String role) {
        return false;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }

    /** Never the token. */
    @Override
    public String toString() {
        return caller.user();
    }
}

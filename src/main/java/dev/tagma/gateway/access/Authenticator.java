package dev.tagma.gateway.access;

/** Tells who calls. */
public interface Authenticator {
    /** The audience of the tokens that runtimes show. */
    String RUNTIME_AUDIENCE = "tagma";

    /** The audience of the tokens that users show: whatever the API server itself takes. */
    String USER_AUDIENCE = "";

    /**
     * The caller that the bearer token stands for, of the given audience. Throws {@link UnauthenticatedException} where Kubernetes does
     * not vouch for it, {@link AccessUnavailableException} where it cannot be asked.
     */
    Caller authenticate(String token, String audience);
}

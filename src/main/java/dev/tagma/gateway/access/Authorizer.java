package dev.tagma.gateway.access;

/** Tells what a caller may do. */
public interface Authorizer {
    /** Whether Kubernetes lets the caller do this. Throws {@link AccessUnavailableException} where it cannot be asked. */
    boolean permits(Caller caller, Deed deed);

    /**
     * What somebody wants to do to a resource of Tagma.
     *
     * @param verb get, list, watch, create, patch, delete
     * @param resource plural, with its subresource behind a slash: missions, missions/transcript, agentpools, modelproviders
     * @param namespace or the empty string for all
     * @param name or the empty string for all
     */
    record Deed(String verb, String resource, String namespace, String name) {}
}

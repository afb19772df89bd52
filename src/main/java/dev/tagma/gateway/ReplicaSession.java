package dev.tagma.gateway;

import dev.tagma.mission.link.GatewaySession;

/** A session as the replica sees it that serves it. */
public interface ReplicaSession extends GatewaySession {
    /**
     * The line to the runtime ended, and nothing else: the instance lives as long as its lease and may go on at another replica. What is
     * in work here for its missions is still committed.
     */
    void detach();

    /**
     * The same where the runtime's side broke the line off: who lives dials again at once, so that the lease of one that does not lapses
     * soon.
     */
    void broken();

    /** Whether no later session has taken its place at this replica. */
    boolean current();
}

package dev.tagma.gateway.egress;

import java.time.Duration;
import java.util.UUID;

/** Is told of every request that left, or was kept from leaving: who caused it, where it went, what became of it. Never blocks. */
@FunctionalInterface
public interface EgressAudit {
    /** Nobody keeps a record. */
    EgressAudit NONE = request -> {};

    /** One request, redirects counted singly, once it has ended. */
    void ended(AuditedRequest request);

    /**
     * On whose behalf a request is made.
     *
     * @param pool {@code namespace/name}
     * @param tool of the pool
     * @param mission whose call it is, or null where a tool is only described
     * @param call of the mission's model, or empty
     */
    record Cause(String pool, String tool, UUID mission, String call) {}

    /**
     * A request.
     *
     * @param method in capitals
     * @param host and {@code port} as the URL names them; path and query, which may hold what a model wrote, are left out
     * @param address that it was sent to, or null where none was chosen
     * @param status of HTTP, or 0 where no answer came
     * @param trouble why there was no answer; empty where there was one
     */
    record AuditedRequest(
            Cause cause,
            String method,
            String host,
            int port,
            String address,
            int status,
            String trouble,
            Duration took) {}
}

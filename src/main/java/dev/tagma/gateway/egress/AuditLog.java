package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes each outside request as one line of JSON to the log {@code dev.tagma.audit}, at level INFO. */
public final class AuditLog implements EgressAudit {
    /** The name of the log. */
    public static final String NAME = "dev.tagma.audit";

    private static final Logger LOG = System.getLogger(NAME);

    @Override
    public void ended(AuditedRequest request) {
        if (LOG.isLoggable(Level.INFO)) {
            LOG.log(Level.INFO, line(request));
        }
    }

    static String line(AuditedRequest request) {
        Cause cause = request.cause();
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("pool", cause.pool()).put("tool", cause.tool());
        if (cause.mission() != null) {
            line.put("mission", cause.mission().toString()).put("call", cause.call());
        }
        line.put("method", request.method()).put("host", request.host()).put("port", request.port());
        if (request.address() != null) {
            line.put("address", request.address());
        }
        if (request.status() > 0) {
            line.put("status", request.status());
        } else {
            line.put("trouble", request.trouble());
        }
        return line.put("millis", request.took().toMillis()).toString();
    }
}

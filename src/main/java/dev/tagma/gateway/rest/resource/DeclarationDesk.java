package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.Permits;
import dev.tagma.gateway.rest.http.ProblemException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Pools and providers on behalf of callers: as the API server pages them, because they are few. */
public final class DeclarationDesk {
    private static final int GONE = 410;

    private final Permits permits;
    private final ApiServer server;

    public DeclarationDesk(Permits permits, ApiServer server) {
        this.permits = permits;
        this.server = server;
    }

    Page list(Caller caller, String resource, String namespace, String limit, String next) {
        permits.require(caller, new Deed("list", resource, Parameters.namespace(namespace), ""));
        long most = Parameters.number("limit", limit, 1, ListQuery.MAX_LIMIT);
        boolean first = next == null || next.isEmpty();
        String query = "limit=" + most + (first ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        ObjectNode list = page(resource, namespace, query);
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            items.add(ApiServer.shown((ObjectNode) item));
        }
        JsonNode metadata = list.path("metadata");
        String further = metadata.path("continue").asText("");
        Integer total =
                first ? items.size() + metadata.path("remainingItemCount").asInt(0) : null;
        return new Page(items, further.isEmpty() ? null : further, total);
    }

    private ObjectNode page(String resource, String namespace, String query) {
        try {
            return server.list(resource, namespace, query);
        } catch (ProblemException e) {
            if (e.status() == GONE) {
                throw ProblemException.parameter("continue", "this page has expired: list from the first one");
            }
            throw e;
        }
    }

    JsonNode get(Caller caller, String resource, String namespace, String name) {
        permits.require(caller, new Deed("get", resource, Parameters.namespace(namespace), Parameters.name(name)));
        return server.get(resource, namespace, name);
    }
}

package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.gateway.access.Authorizer.Deed;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.rest.http.Bodies;
import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.Permits;
import dev.tagma.gateway.rest.http.ProblemException;
import java.io.InputStream;

/** Missions on behalf of callers. */
public final class MissionDesk {
    private static final String MISSIONS = "missions";

    private final Permits permits;
    private final ApiServer server;
    private final MissionIndex index;
    private final Bodies bodies;

    public MissionDesk(Permits permits, ApiServer server, MissionIndex index, Bodies bodies) {
        this.permits = permits;
        this.server = server;
        this.index = index;
        this.bodies = bodies;
    }

    /** A page as JSON; an empty namespace stands for all. */
    byte[] list(Caller caller, String namespace, ListQuery query) {
        String place = namespace.isEmpty() ? "" : Parameters.namespace(namespace);
        permits.require(caller, new Deed("list", MISSIONS, place, ""));
        if (!index.synced()) {
            throw ProblemException.unavailable("the missions are not listed yet: try again");
        }
        return MissionList.of(query, place).page(index.items());
    }

    JsonNode get(Caller caller, String namespace, String name) {
        permits.require(caller, deed("get", namespace, name));
        return server.get(MISSIONS, namespace, name);
    }

    JsonNode create(Caller caller, String namespace, InputStream body) {
        permits.require(caller, new Deed("create", MISSIONS, Parameters.namespace(namespace), ""));
        ObjectNode mission = bodies.object(body);
        MissionBody.prepare(mission, namespace, caller.user());
        return server.create(MISSIONS, namespace, mission);
    }

    JsonNode patch(Caller caller, String namespace, String name, InputStream body) {
        permits.require(caller, deed("patch", namespace, name));
        ObjectNode patch = bodies.object(body);
        MissionBody.checkPatch(patch);
        return server.merge(MISSIONS, namespace, name, patch);
    }

    void delete(Caller caller, String namespace, String name) {
        permits.require(caller, deed("delete", namespace, name));
        server.delete(MISSIONS, namespace, name);
    }

    private static Deed deed(String verb, String namespace, String name) {
        return new Deed(verb, MISSIONS, Parameters.namespace(namespace), Parameters.name(name));
    }
}

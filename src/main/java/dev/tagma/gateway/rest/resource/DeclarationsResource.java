package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.gateway.rest.http.AuthenticatedCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Pools and providers, to be read. */
@Path("/api/v1alpha1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Pools and providers")
public class DeclarationsResource {
    private final Supplier<DeclarationDesk> desk;

    DeclarationsResource(Supplier<DeclarationDesk> desk) {
        this.desk = desk;
    }

    @GET
    @Path("namespaces/{namespace}/agentpools")
    @Operation(operationId = "listAgentPools", summary = "Pools of a namespace")
    public Page pools(
            @PathParam("namespace") String namespace,
            @QueryParam("limit") @DefaultValue("100") String limit,
            @QueryParam("continue") String next,
            @Context SecurityContext caller) {
        return list(caller, "agentpools", namespace, limit, next);
    }

    @GET
    @Path("namespaces/{namespace}/agentpools/{name}")
    @Operation(operationId = "getAgentPool", summary = "A pool")
    public JsonNode pool(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context SecurityContext caller) {
        return get(caller, "agentpools", namespace, name);
    }

    @GET
    @Path("namespaces/{namespace}/modelproviders")
    @Operation(operationId = "listModelProviders", summary = "Providers of a namespace")
    public Page providers(
            @PathParam("namespace") String namespace,
            @QueryParam("limit") @DefaultValue("100") String limit,
            @QueryParam("continue") String next,
            @Context SecurityContext caller) {
        return list(caller, "modelproviders", namespace, limit, next);
    }

    @GET
    @Path("namespaces/{namespace}/modelproviders/{name}")
    @Operation(operationId = "getModelProvider", summary = "A provider")
    public JsonNode provider(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context SecurityContext caller) {
        return get(caller, "modelproviders", namespace, name);
    }

    private Page list(SecurityContext caller, String kind, String namespace, String limit, String next) {
        return desk.get().list(AuthenticatedCaller.of(caller), kind, namespace, limit, next);
    }

    private JsonNode get(SecurityContext caller, String kind, String namespace, String name) {
        return desk.get().get(AuthenticatedCaller.of(caller), kind, namespace, name);
    }
}

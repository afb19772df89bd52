package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.gateway.rest.http.AuthenticatedCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.net.URI;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Missions as resources. */
@Path("/api/v1alpha1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Missions")
public class MissionsResource {
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final Supplier<MissionDesk> desk;

    MissionsResource(Supplier<MissionDesk> desk) {
        this.desk = desk;
    }

    @GET
    @Path("missions")
    @Operation(operationId = "listAllMissions", summary = "Missions of all namespaces", description = ListQuery.DOC)
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    public Response all(@BeanParam ListQuery query, @Context SecurityContext caller) {
        return Response.ok(desk.get().list(caller(caller), "", query)).build();
    }

    @GET
    @Path("namespaces/{namespace}/missions")
    @Operation(operationId = "listMissions", summary = "Missions of a namespace", description = ListQuery.DOC)
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Page.class)))
    public Response list(
            @PathParam("namespace") String namespace, @BeanParam ListQuery query, @Context SecurityContext caller) {
        return Response.ok(desk.get().list(caller(caller), namespace, query)).build();
    }

    @GET
    @Path("namespaces/{namespace}/missions/{name}")
    @Operation(operationId = "getMission", summary = "A mission, whole")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JsonNode.class)))
    public JsonNode get(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context SecurityContext caller) {
        return desk.get().get(caller(caller), namespace, name);
    }

    @POST
    @Path("namespaces/{namespace}/missions")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createMission",
            summary = "Create a mission",
            description =
                    "The mission is stored as the gateway's; its annotation tagma.dev/created-by names the caller.")
    @RequestBody(content = @Content(schema = @Schema(implementation = JsonNode.class)))
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = JsonNode.class)))
    public Response create(
            @PathParam("namespace") String namespace, InputStream body, @Context SecurityContext caller) {
        JsonNode created = desk.get().create(caller(caller), namespace, body);
        String name = created.path("metadata").path("name").asText();
        return Response.created(URI.create("/api/v1alpha1/namespaces/" + namespace + "/missions/" + name))
                .entity(created)
                .build();
    }

    @PATCH
    @Path("namespaces/{namespace}/missions/{name}")
    @Consumes({MERGE_PATCH, MediaType.APPLICATION_JSON})
    @Operation(
            operationId = "patchMission",
            summary = "Suspend, resume or cancel a mission, or change its retention",
            description = "A merge patch of spec.suspend, spec.cancel and spec.retention.data; nothing else changes.")
    @RequestBody(content = @Content(mediaType = MERGE_PATCH, schema = @Schema(implementation = MissionPatch.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = JsonNode.class)))
    public JsonNode patch(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            InputStream body,
            @Context SecurityContext caller) {
        return desk.get().patch(caller(caller), namespace, name, body);
    }

    @DELETE
    @Path("namespaces/{namespace}/missions/{name}")
    @Operation(operationId = "deleteMission", summary = "Delete a mission; where it runs, it stops")
    @APIResponse(responseCode = "204", description = "It is gone.")
    public void delete(
            @PathParam("namespace") String namespace, @PathParam("name") String name, @Context SecurityContext caller) {
        desk.get().delete(caller(caller), namespace, name);
    }

    private static dev.tagma.gateway.access.Caller caller(SecurityContext context) {
        return AuthenticatedCaller.of(context);
    }
}

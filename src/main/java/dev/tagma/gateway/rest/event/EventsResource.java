package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.http.AuthenticatedCaller;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Missions while they happen, as server-sent events. */
@Path("/api/v1alpha1")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Blocking
@Tag(name = "Events")
public class EventsResource {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Supplier<EventDesk> desk;

    EventsResource(Supplier<EventDesk> desk) {
        this.desk = desk;
    }

    @GET
    @Path("namespaces/{namespace}/missions/{name}/events")
    @Operation(
            operationId = "watchMission",
            summary = "What happens to a mission",
            description =
                    "Begins with the mission as it is, or behind the event that Last-Event-ID names, which may have come from"
                            + " another replica. Events: transition (a MissionEvent.Transition), step (a StepCommitted), reply (a"
                            + " Reply), deleted, and end, which says why the stream ends early. Once the mission has ended the"
                            + " stream does; asking again with the last id is answered with 204.\n\n"
                            + "A reply is what a model writes before it is a step: a foretaste, which has no id and is not told again."
                            + " It comes to listeners that may get missions/transcript, at the replica that asks the model, from"
                            + " replies that began while such a listener was there; everybody else, and a listener at another"
                            + " replica, hears of the step once it is committed. A slow listener hears fewer and larger pieces.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = MissionEvent.class)))
    @APIResponse(responseCode = "204", description = "The mission has ended and everything was told.")
    public Multi<OutboundSseEvent> mission(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @HeaderParam(LAST_EVENT_ID) String last,
            @Context SecurityContext caller,
            @Context Sse sse) {
        return desk.get().mission(Watcher.of(AuthenticatedCaller.principal(caller)), namespace, name, last, sse);
    }

    @GET
    @Path("namespaces/{namespace}/events")
    @Operation(
            operationId = "watchNamespace",
            summary = "What happens to the missions of a namespace",
            description =
                    "Their transitions, not their steps: from now on, or behind the event that Last-Event-ID names.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = MissionEvent.class)))
    public Multi<OutboundSseEvent> namespace(
            @PathParam("namespace") String namespace,
            @HeaderParam(LAST_EVENT_ID) String last,
            @Context SecurityContext caller,
            @Context Sse sse) {
        return desk.get().namespace(Watcher.of(AuthenticatedCaller.principal(caller)), namespace, last, sse);
    }
}

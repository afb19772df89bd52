package dev.tagma.gateway.rest.resource;

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

/** What missions did, step by step. */
@Path("/api/v1alpha1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Steps")
public class StepsResource {
    private final Supplier<StepDesk> desk;

    StepsResource(Supplier<StepDesk> desk) {
        this.desk = desk;
    }

    @GET
    @Path("namespaces/{namespace}/missions/{name}/transcript")
    @Operation(
            operationId = "readTranscript",
            summary = "What the model and the tools said",
            description =
                    "Needs the permission to get missions/transcript. The content of a step is null once it has expired.")
    public TranscriptPage transcript(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("after") @DefaultValue("0") String after,
            @QueryParam("limit") @DefaultValue("100") String limit,
            @Context SecurityContext caller) {
        return desk.get().transcript(AuthenticatedCaller.of(caller), namespace, name, StepRange.of(after, limit));
    }

    @GET
    @Path("namespaces/{namespace}/missions/{name}/chain")
    @Operation(
            operationId = "readChain",
            summary = "The digests of the steps, to verify them",
            description = "Needs no more than the permission to get the mission: it shows nothing that was said.")
    public ChainPage chain(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("after") @DefaultValue("0") String after,
            @QueryParam("limit") @DefaultValue("1000") String limit,
            @Context SecurityContext caller) {
        return desk.get().chain(AuthenticatedCaller.of(caller), namespace, name, StepRange.of(after, limit));
    }
}

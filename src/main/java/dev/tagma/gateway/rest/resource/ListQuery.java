package dev.tagma.gateway.rest.resource;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Which missions to list, in which order. */
public class ListQuery {
    static final String DOC =
            "Items leave out metadata.managedFields, the annotations that are not of tagma.dev, spec.inputs and"
                    + " spec.outputSchema, status.result.output, and spec.goal and status.result.summary where they are longer than"
                    + " 256 characters; get the mission itself to see them. What is listed may be a moment behind.";
    static final int MAX_LIMIT = 1000;

    @QueryParam("limit")
    @DefaultValue("100")
    @Parameter(
            description = "Most items of the answer.",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000"))
    String limit;

    @QueryParam("continue")
    @Parameter(description = "Where the page before this one ended, as it said; the other parameters stay the same.")
    String next;

    @QueryParam("phase")
    @Parameter(description = "One phase, or several with commas between them.", example = "Running,Waiting")
    String phase;

    @QueryParam("agent")
    @Parameter(description = "The agent's name.")
    String agent;

    @QueryParam("pool")
    @Parameter(description = "The pool as NAME, in any namespace, or NAMESPACE/NAME.")
    String pool;

    @QueryParam("labelSelector")
    @Parameter(description = "As kubectl's -l takes it.", example = "team=carbon,tier in (a,b),!legacy")
    String labels;

    @QueryParam("sort")
    @DefaultValue("-created")
    @Parameter(
            description = "created, name, phase or priority; a minus before it turns the order around.",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {
                                "created",
                                "-created",
                                "name",
                                "-name",
                                "phase",
                                "-phase",
                                "priority",
                                "-priority"
                            }))
    String sort;
}

package dev.tagma.gateway.rest.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to the document what holds for every operation: who may call, and how errors look. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {
    private static final String SCHEME = "token";
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final String JSON = "JsonNode";
    private static final Map<String, String> PARAMETERS = Map.of(
            "namespace", "The namespace.",
            "name", "The object's name.",
            "limit", "Most items of the answer, from 1 to 1000.",
            "continue", "Where the page before this one ended, as it said.",
            "after", "The sequence of the step before the first one of the answer; 0 for all.",
            "Last-Event-ID", "The id of the last event that was heard, at whichever replica.");

    /** An error that any operation may answer with. */
    private enum Fault {
        BadRequest("400", "A parameter, or the body, cannot be read; field says which.", false),
        Unauthorized("401", "Kubernetes does not vouch for the token, or there is none.", false),
        Forbidden("403", "Kubernetes does not permit it.", false),
        NotFound("404", "There is no such resource.", false),
        Conflict("409", "The name is taken, or the resource was changed at the same time.", true),
        TooLarge("413", "The body is too large.", true),
        UnsupportedMediaType("415", "The body's media type is not understood.", true),
        Unprocessable("422", "A field is not what it must be; field says which.", true),
        TooManyRequests("429", "Too many requests of this caller: Retry-After says when to come back.", false),
        Unavailable("503", "The API server or the database is away: Retry-After says when to come back.", false);

        private final String status;
        private final String says;
        private final boolean ofBodies;

        Fault(String status, String says, boolean ofBodies) {
            this.status = status;
            this.says = says;
            this.ofBodies = ofBodies;
        }

        private APIResponse response() {
            Content content = OASFactory.createContent()
                    .addMediaType(
                            Problem.MEDIA_TYPE,
                            OASFactory.createMediaType()
                                    .schema(OASFactory.createSchema().ref(PROBLEM)));
            return OASFactory.createAPIResponse().description(says).content(content);
        }
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        Components components = document.getComponents();
        components.addSecurityScheme(
                SCHEME,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("A token of the cluster that the API server itself takes, such as `kubectl create"
                                + " token NAME` gives; none of another audience."));
        document.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(SCHEME));
        for (Fault fault : Fault.values()) {
            components.addResponse(fault.name(), fault.response());
        }
        components.addSchema(
                JSON,
                OASFactory.createSchema()
                        .addType(Schema.SchemaType.OBJECT)
                        .additionalPropertiesBoolean(true)
                        .description("JSON of any shape: an object as the API server has it, or what a step holds."));
        components.removeSchema("JsonNodeType");
        document.getPaths()
                .getPathItems()
                .values()
                .forEach(path -> path.getOperations().values().forEach(ApiDocument::complete));
    }

    private static void complete(Operation operation) {
        for (Fault fault : Fault.values()) {
            if (!fault.ofBodies || operation.getRequestBody() != null) {
                operation
                        .getResponses()
                        .addAPIResponse(
                                fault.status,
                                OASFactory.createAPIResponse().ref("#/components/responses/" + fault.name()));
            }
        }
        if (operation.getParameters() != null) {
            operation.getParameters().stream()
                    .filter(parameter -> parameter.getDescription() == null)
                    .forEach(parameter -> parameter.setDescription(PARAMETERS.get(parameter.getName())));
        }
    }
}

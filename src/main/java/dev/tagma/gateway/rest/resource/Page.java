package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Some of the resources that were asked for.
 *
 * @param items Kubernetes objects; those of missions leave out what is long (see the reference of the list)
 * @param next to be handed back as the parameter {@code continue} for the resources behind these; null where there are none
 * @param total how many there are on all pages, as of this one; null where that is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "Some of the resources that were asked for.")
public record Page(
        List<JsonNode> items, @JsonProperty("continue") String next, Integer total) {}

package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A merge patch: of a mission, only these three may change. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A merge patch of a mission; anything else than these fields is refused.")
public record MissionPatch(Spec spec) {
    /** The fields of a mission that may change. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Spec(Boolean suspend, Boolean cancel, Retention retention) {}

    /** How long what is left of the mission is kept. */
    public record Retention(String data) {}
}

package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One aspect of an object's state, as kstatus and {@code kubectl wait} read it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
        @JsonPropertyDescription("Ready, Reconciling, Stalled; on missions also Finished.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[A-Za-z]+$")
        String type,

        @JsonPropertyDescription("Whether the aspect holds.")
        @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        Status status,

        @JsonPropertyDescription("Generation of the spec that the condition was computed from.") @Min(0)
        Long observedGeneration,

        @JsonPropertyDescription("When the status last changed.") @Required
        Instant lastTransitionTime,

        @JsonPropertyDescription("Why, as one word of a closed list.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[A-Za-z]+$")
        String reason,

        @JsonPropertyDescription("Why, for people.") @Required @Size(max = 4096)
        String message) {
    /** Whether a condition holds. */
    public enum Status {
        True,
        False,
        Unknown
    }
}

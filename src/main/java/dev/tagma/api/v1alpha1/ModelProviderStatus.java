package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import java.util.List;

/** Whether a provider answers. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("Whether the service answers.")
@SchemaCustomizer(value = SchemaTouch.class, input = "conditions map=type max=8")
public record ModelProviderStatus(
        @JsonPropertyDescription("Generation of the spec that this status was computed from; -1 for none yet.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready, Reconciling and Stalled.")
        List<Condition> conditions) {}

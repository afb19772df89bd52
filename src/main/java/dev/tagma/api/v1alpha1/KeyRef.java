package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A key of a ConfigMap or Secret in the object's own namespace. */
public record KeyRef(
        @JsonPropertyDescription("Name of the ConfigMap or Secret, in the namespace of this object.")
        @Required
        @Size(min = 1, max = Formats.OBJECT_NAME_MAX)
        @Pattern(Formats.OBJECT_NAME)
        String name,

        @JsonPropertyDescription("Key of its data.") @Required @Size(min = 1, max = 253) @Pattern(Formats.KEY)
        String key) {}

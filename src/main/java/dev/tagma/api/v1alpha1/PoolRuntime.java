package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** The runtimes of a pool. */
@SchemaCustomizer(value = SchemaTouch.class, input = "template any maxProperties=2")
public record PoolRuntime(
        @JsonPropertyDescription("Missions that one runtime runs at a time.") @Default("50") @Min(1) @Max(1000)
        Integer missionsPerPod,

        @JsonPropertyDescription("Image of the runtimes. Not set: the operator's own.")
        @Size(min = 1, max = 512)
        @Pattern("^[^\\s]+$")
        String image,

        @JsonPropertyDescription("Compute resources of a runtime. Not set: what the namespace's LimitRange says.")
        Resources resources,

        @JsonPropertyDescription("A pod template (metadata and spec) that is laid over the operator's own, as kubectl"
                + " patch does; the runtime's container is called runtime. The host, service accounts and"
                + " secrets are out of its reach.")
        JsonNode template) {
    /** Compute resources of a runtime. */
    @SchemaCustomizer(value = SchemaTouch.class, input = """
            requests maxProperties=16
            limits maxProperties=16
            """)
    public record Resources(
            @JsonPropertyDescription("What a runtime is given at least, such as cpu: 500m.")
            Map<String, Quantity> requests,

            @JsonPropertyDescription("What a runtime may use at most, such as memory: 1Gi.")
            Map<String, Quantity> limits) {}
}

package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/** How a pool is served. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("How the pool is served.")
@SchemaCustomizer(value = SchemaTouch.class, input = "conditions map=type max=8")
public record AgentPoolStatus(
        @JsonPropertyDescription("Runtime pods there are.") @Min(0) @StatusReplicas
        Integer replicas,

        @JsonPropertyDescription("Runtime pods there should be.") @Min(0)
        Integer desiredReplicas,

        @JsonPropertyDescription("Runtime pods that take missions.") @Min(0)
        Integer readyReplicas,

        @JsonPropertyDescription("Chooses the runtime pods by their labels.") @Size(max = 1024) @LabelSelector
        String selector,

        @JsonPropertyDescription("Missions that run.") @Min(0)
        Integer activeMissions,

        @JsonPropertyDescription("Missions that wait for a runtime.") @Min(0)
        Integer queuedMissions,

        @JsonPropertyDescription("How busy the runtimes are that are connected; absent where none is.")
        Load load,

        @JsonPropertyDescription("Revision of agents, tools and models that new missions get.") @Min(0)
        Integer revision,

        @JsonPropertyDescription("Generation of the spec that this status was computed from; -1 for none yet.")
        Long observedGeneration,

        @JsonPropertyDescription("Ready, Reconciling and Stalled.")
        List<Condition> conditions) {
    /** How busy a pool's runtimes are. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonClassDescription("How busy the connected runtimes are. Percentages are rounded up to tens.")
    public record Load(
            @JsonPropertyDescription("Missions that they can run at a time, all together.") @Min(0)
            Integer slots,

            @JsonPropertyDescription("CPU in use, in percent of what they may use, on average.") @Min(0)
            Integer cpuPercent,

            @JsonPropertyDescription("Memory in use, in percent of what it may use, of the fullest of them.") @Min(0)
            Integer memoryPercent) {}
}

package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** The queue of missions that wait for a runtime. */
public record PoolQueue(
        @JsonPropertyDescription(
                "Most missions in the queue. Further ones stay Pending with reason QueueFull and enter when"
                        + " there is room, by priority, then age. tagma run queues all of its manifests at once.")
        @Default("10000")
        @Min(1)
        @Max(1_000_000)
        Integer maxPending) {}

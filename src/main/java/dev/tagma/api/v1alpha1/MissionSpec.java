package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a mission shall do, within which limits. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription(
        "What the mission shall do, within which limits. All but suspend, cancel and retention is immutable.")
@SchemaCustomizer(value = SchemaTouch.class, input = """
                inputs any maxProperties=1024
                outputSchema any maxProperties=64
                """)
@ValidationRule(
        value = "!(has(self.inputs) && has(self.inputsFrom))",
        message = "inputs and inputsFrom exclude each other",
        fieldPath = ".inputsFrom")
@ValidationRule(
        value = "!has(self.timeout) || duration(self.timeout) >= duration('1s')",
        message = "must be at least 1s",
        fieldPath = ".timeout")
@ValidationRule(
        value = "!has(self.startDeadline) || duration(self.startDeadline) >= duration('1s')",
        message = "must be at least 1s",
        fieldPath = ".startDeadline")
public record MissionSpec(
        @JsonPropertyDescription("The AgentPool that runs the mission.") @Default("{\"name\":\"default\"}")
        PoolRef poolRef,

        @JsonPropertyDescription("Agent of the pool; may be left out where the pool has one agent.")
        @Size(min = 1, max = Formats.LABEL_MAX)
        @Pattern(Formats.LABEL)
        String agent,

        @JsonPropertyDescription("What the agent shall achieve, in words; at most 16 KiB.")
        @Required
        @Size(min = 1, max = 16_384)
        String goal,

        @JsonPropertyDescription("Data for the agent: an object of any JSON, at most 64 KiB.")
        JsonNode inputs,

        @JsonPropertyDescription("Data for the agent that is kept elsewhere; instead of inputs.")
        InputsSource inputsFrom,

        @JsonPropertyDescription(
                "JSON Schema that the final answer must satisfy. An answer that does not is sent back to the"
                        + " model with the error, within the mission's limits.")
        JsonNode outputSchema,

        @JsonPropertyDescription("Most model replies that the mission may use, across retries.")
        @Default("10")
        @Min(1)
        @Max(1000)
        Integer maxIterations,

        @JsonPropertyDescription(
                "Longest time the mission may run or wait for a provider, across retries, such as 1h30m. Not"
                        + " set: the pool's missionDefaults.timeout.")
        @Size(max = Formats.DURATION_MAX)
        @Pattern(Durations.PATTERN)
        String timeout,

        @JsonPropertyDescription(
                "Longest time to wait for the first step, which is not cut off once it is in work. Not set: the"
                        + " mission waits as long as it must.")
        @Size(max = Formats.DURATION_MAX)
        @Pattern(Durations.PATTERN)
        String startDeadline,

        @JsonPropertyDescription("Missions of higher priority start first; among equals the oldest.")
        @Default("0")
        @Min(-100)
        @Max(100)
        Integer priority,

        @JsonPropertyDescription(
                "Retries of the whole mission after a failure of the moment. A retry goes on from the last"
                        + " committed step and resets no budget, clock or count.")
        @Default("{\"limit\":2}")
        Retry retry,

        @JsonPropertyDescription("What the mission may use in all. Not set: what the pool's missionLimits allow.")
        Budget budget,

        @JsonPropertyDescription(
                "Pauses the mission at once, until false again. A call in flight is given up and treated as after a crash.")
        @Default("false")
        Boolean suspend,

        @JsonPropertyDescription("Ends the mission for good; wins over suspend and cannot be taken back.")
        @Default("false")
        Boolean cancel,

        @JsonPropertyDescription("How long what is left of the mission is kept once it has ended.")
        @Default("{\"data\":\"168h\"}")
        Retention retention) {
    /** The pool that runs the mission; its namespace defaults to the mission's. */
    public record PoolRef(
            @JsonPropertyDescription("Name of the AgentPool.")
            @Default("default")
            @Size(min = 1, max = Formats.LABEL_MAX)
            @Pattern(Formats.LABEL)
            String name,

            @JsonPropertyDescription("Namespace of the AgentPool. Not set: the mission's own.")
            @Size(min = 1, max = Formats.LABEL_MAX)
            @Pattern(Formats.LABEL)
            String namespace) {}

    /** Inputs kept elsewhere. */
    public record InputsSource(
            @JsonPropertyDescription("Key of a ConfigMap that holds a JSON or YAML object.") @Required
            KeyRef configMapKeyRef) {}

    /** Whole-mission retries after a failure of the moment. */
    public record Retry(
            @JsonPropertyDescription("Most retries; 0 for none.") @Default("2") @Min(0) @Max(10)
            Integer limit) {}

    /** What the mission may use in all. */
    @ValidationRule(value = "has(self.tokens) || has(self.cost)", message = "a budget sets tokens, cost or both")
    public record Budget(
            @JsonPropertyDescription("Input and output tokens together.") @Min(1) @Max(1_000_000_000_000L)
            Long tokens,

            @JsonPropertyDescription(
                    "Money in the installation's currency, such as \"0.50\"; counted with the provider's pricing.")
            @Size(max = Formats.MONEY_MAX)
            @Pattern(Money.PATTERN)
            String cost,

            @JsonPropertyDescription(
                    "WrapUp: one last call, without tools, for the best answer so far. Stop: the mission fails.")
            @Default("WrapUp")
            @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            OnExceeded onExceeded) {
        /** What happens when the budget is spent. */
        public enum OnExceeded {
            WrapUp,
            Stop
        }
    }

    /** How long what is left of an ended mission is kept. */
    public record Retention(
            @JsonPropertyDescription("How long the transcript is kept; the object itself stays.")
            @Default("168h")
            @Size(max = Formats.DURATION_MAX)
            @Pattern(Durations.PATTERN)
            String data) {}
}

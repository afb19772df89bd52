package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The most that a mission may ask for. */
@ValidationRule(
        value = "!has(self.timeout) || duration(self.timeout) >= duration('1s')",
        message = "must be at least 1s",
        fieldPath = ".timeout")
public record MissionLimits(
        @JsonPropertyDescription("Longest timeout.")
        @Default("60m")
        @Size(max = Formats.DURATION_MAX)
        @Pattern(Durations.PATTERN)
        String timeout,

        @JsonPropertyDescription("Most tokens, input and output together.")
        @Default("1000000")
        @Min(1)
        @Max(1_000_000_000_000L)
        Long tokens,

        @JsonPropertyDescription("Most money in the installation's currency.")
        @Default("5")
        @Size(max = Formats.MONEY_MAX)
        @Pattern(Money.PATTERN)
        String cost,

        @JsonPropertyDescription("Highest priority.") @Default("50") @Min(-100) @Max(100)
        Integer priority) {}

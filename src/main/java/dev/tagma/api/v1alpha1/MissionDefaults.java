package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What missions get that do not say. */
@ValidationRule(
        value = "!has(self.timeout) || duration(self.timeout) >= duration('1s')",
        message = "must be at least 1s",
        fieldPath = ".timeout")
public record MissionDefaults(
        @JsonPropertyDescription("Timeout of missions without one.")
        @Default("5m")
        @Size(max = Formats.DURATION_MAX)
        @Pattern(Durations.PATTERN)
        String timeout) {}

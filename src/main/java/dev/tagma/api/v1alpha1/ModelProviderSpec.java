package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A service that runs models, and how it is reached. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("How the service is reached, and by whom.")
@SchemaCustomizer(value = SchemaTouch.class, input = "pricing map=model max=64")
@ValidationRule(
        value = "(self.type == 'Scripted') == has(self.script)",
        message = "script is required with type: Scripted, and forbidden with any other type",
        fieldPath = ".script")
@ValidationRule(
        value = "self.type != 'Anthropic' || has(self.credentials)",
        message = "credentials are required with type: Anthropic",
        fieldPath = ".credentials")
@ValidationRule(
        value = "self.type != 'Scripted' || !has(self.credentials)",
        message = "credentials are forbidden with type: Scripted",
        fieldPath = ".credentials")
@ValidationRule(
        value = "self.type != 'Scripted' || !has(self.endpoint)",
        message = "endpoint is forbidden with type: Scripted",
        fieldPath = ".endpoint")
@ValidationRule(
        value = "!has(self.timeout) || duration(self.timeout) >= duration('1s')",
        message = "must be at least 1s",
        fieldPath = ".timeout")
public record ModelProviderSpec(
        @JsonPropertyDescription(
                "The protocol. OpenAI: any service that speaks it. Ollama: a local server. Scripted: replies by"
                        + " rule, for demos, tests and load.")
        @Required
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        Type type,

        @JsonPropertyDescription("Base URL, such as https://api.openai.com/v1. Not set: the type's own.")
        @Size(min = 1, max = Formats.URL_MAX)
        @Pattern(Formats.URL)
        String endpoint,

        @JsonPropertyDescription("The key to the service.") Credentials credentials,

        @JsonPropertyDescription("Whose AgentPools may use the provider.") @Default("{\"from\":\"Same\"}")
        AllowedNamespaces allowedNamespaces,

        @JsonPropertyDescription("Longest time of one call; cut to what the mission has left.")
        @Default("60s")
        @Size(max = Formats.DURATION_MAX)
        @Pattern(Durations.PATTERN)
        String timeout,

        @JsonPropertyDescription("Retries of one call, before the next model of the agent is asked.")
        @Default("{\"limit\":3,\"backoff\":{\"initial\":\"1s\",\"factor\":2,\"max\":\"10s\"}}")
        Retry retry,

        @JsonPropertyDescription("What the models cost. Calls of a model that is not listed cost nothing.")
        List<Price> pricing,

        @JsonPropertyDescription("The replies; with type: Scripted only.")
        Script script) {
    /** The protocol a provider speaks. */
    public enum Type {
        OpenAI,
        Anthropic,
        Ollama,
        Scripted
    }

    /** Where the key is kept. */
    public record Credentials(
            @JsonPropertyDescription("Key of a Secret that holds the API key.") @Required
            KeyRef secretKeyRef) {}

    /** Retries of one call, before the next model of the chain is asked. */
    public record Retry(
            @JsonPropertyDescription("Most retries; 0 for none.") @Default("3") @Min(0) @Max(10)
            Integer limit,

            @JsonPropertyDescription("Waits between retries.")
            @Default("{\"initial\":\"1s\",\"factor\":2,\"max\":\"10s\"}")
            Backoff backoff) {
        /** Waits between retries: initial, times factor, at most max. */
        @ValidationRule(
                value = "!has(self.initial) || !has(self.max) || duration(self.initial) <= duration(self.max)",
                message = "initial must not be longer than max",
                fieldPath = ".initial")
        public record Backoff(
                @JsonPropertyDescription("The first wait.")
                @Default("1s")
                @Size(max = Formats.DURATION_MAX)
                @Pattern(Durations.PATTERN)
                String initial,

                @JsonPropertyDescription("How many times longer each wait is than the one before.")
                @Default("2")
                @Min(1)
                @Max(10)
                Integer factor,

                @JsonPropertyDescription("The longest wait.")
                @Default("10s")
                @Size(max = Formats.DURATION_MAX)
                @Pattern(Durations.PATTERN)
                String max) {}
    }

    /** What a model costs, as decimal strings per million tokens. */
    public record Price(
            @JsonPropertyDescription("The model, as the provider calls it.") @Required @Size(min = 1, max = 253)
            String model,

            @JsonPropertyDescription("Money per million input tokens, such as \"2.00\".")
            @Required
            @Size(max = Formats.MONEY_MAX)
            @Pattern(Money.PATTERN)
            String inputPerMillion,

            @JsonPropertyDescription("Money per million output tokens, such as \"8.00\".")
            @Required
            @Size(max = Formats.MONEY_MAX)
            @Pattern(Money.PATTERN)
            String outputPerMillion) {}

    /** The replies of a Scripted provider. */
    public record Script(
            @JsonPropertyDescription("Key of a ConfigMap that holds the script, as YAML.") @Required
            KeyRef configMapKeyRef) {}
}

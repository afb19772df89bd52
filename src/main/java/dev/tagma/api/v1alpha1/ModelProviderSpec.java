package dev.tagma.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/** A service that runs models, and how it is reached. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelProviderSpec(
        Type type,
        String endpoint,
        Credentials credentials,
        AllowedNamespaces allowedNamespaces,
        String timeout,
        Retry retry,
        List<Price> pricing,
        Script script) {
    /** The protocol a provider speaks. */
    public enum Type {
        OpenAI,
        Anthropic,
        Ollama,
        Scripted
    }

    /** Where the key is kept. */
    public record Credentials(KeyRef secretKeyRef) {}

    /** Retries of one call, before the next model of the chain is asked. */
    public record Retry(Integer limit, Backoff backoff) {
        /** Waits between retries: initial, times factor, at most max. */
        public record Backoff(String initial, Integer factor, String max) {}
    }

    /** What a model costs, as decimal strings per million tokens. */
    public record Price(String model, String inputPerMillion, String outputPerMillion) {}

    /** The replies of a Scripted provider. */
    public record Script(KeyRef configMapKeyRef) {}
}

package dev.tagma.model.provider;

import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.api.v1alpha1.ModelProviderSpec.Type;
import java.util.Map;
import java.util.Optional;

/**
 * A real model in the place of scripted ones: what OPENAI_BASE_URL, OPENAI_API_KEY and TAGMA_MODEL say.
 *
 * @param endpoint null for OpenAI itself
 * @param key null for servers that ask for none
 * @param model the provider's name of the model
 */
public record RealModel(String endpoint, String key, String model) {
    /**
     * The model that the environment names. TAGMA_MODEL alone decides: a key that lies in the environment for other programs costs
     * nothing here. Throws IllegalArgumentException where it says too little.
     */
    public static Optional<RealModel> of(Map<String, String> environment) {
        String model = value(environment, "TAGMA_MODEL");
        if (model == null) {
            return Optional.empty();
        }
        String endpoint = value(environment, "OPENAI_BASE_URL");
        String key = value(environment, "OPENAI_API_KEY");
        if (endpoint == null && key == null) {
            throw new IllegalArgumentException(
                    "TAGMA_MODEL is set to " + model
                            + ", but neither OPENAI_BASE_URL nor OPENAI_API_KEY: set the one that reaches it, or unset TAGMA_MODEL");
        }
        return Optional.of(new RealModel(endpoint, key, model));
    }

    private static String value(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /** This in the place of a scripted provider; other providers stay. Prices go: they were the script's. */
    public ProviderSource replace(ProviderSource provider) {
        ModelProviderSpec spec = provider.spec();
        return spec.type() != Type.Scripted
                ? provider
                : new ProviderSource(
                        provider.name(),
                        new ModelProviderSpec(
                                Type.OpenAI,
                                endpoint,
                                null,
                                spec.allowedNamespaces(),
                                spec.timeout(),
                                spec.retry(),
                                null,
                                null),
                        key,
                        null);
    }

    /** This in the place of a model of a scripted provider; the pool's name of it and its parameters stay. */
    public PoolModel replace(PoolModel scripted) {
        return new PoolModel(scripted.name(), scripted.providerRef(), model, scripted.parameters());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "RealModel[" + model + (endpoint == null ? "" : " at " + endpoint) + "]";
    }
}

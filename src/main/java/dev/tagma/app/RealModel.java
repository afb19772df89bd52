package dev.tagma.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A real model in the place of every scripted one.
 *
 * @param endpoint of an OpenAI-compatible API, or empty for OpenAI's own
 * @param key may be empty where the endpoint asks for none
 * @param model the provider's name of the model
 */
record RealModel(String endpoint, String key, String model) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();
    private static final String SECRET = "tagma-environment";
    private static final String SECRET_KEY = "apiKey";
    private static final String DEFAULT_ENDPOINT = "https://api.openai.com/v1";

    /** The model that OPENAI_BASE_URL, OPENAI_API_KEY and TAGMA_MODEL name; null where none does. Throws CommandException where half is said. */
    static RealModel of(Console console) {
        String endpoint = console.variable("OPENAI_BASE_URL");
        String key = console.variable("OPENAI_API_KEY");
        String model = console.variable("TAGMA_MODEL");
        if (model.isEmpty()) {
            return null;
        }
        if (endpoint.isEmpty() && key.isEmpty()) {
            throw new CommandException(
                    ExitCode.Invalid,
                    "TAGMA_MODEL names a model, but neither OPENAI_BASE_URL nor OPENAI_API_KEY says where to find it");
        }
        return new RealModel(endpoint, key, model);
    }

    /** The resources with this model wherever they would ask a scripted one. */
    Resources in(Resources resources) {
        Set<String> scripted = new HashSet<>();
        List<ModelProvider> providers = new ArrayList<>();
        for (ModelProvider provider : resources.providers()) {
            if (provider.getSpec().type() == ModelProviderSpec.Type.Scripted) {
                scripted.add(provider.getMetadata().getNamespace() + "/"
                        + provider.getMetadata().getName());
                providers.add(real(provider));
            } else {
                providers.add(provider);
            }
        }
        List<AgentPool> pools =
                resources.pools().stream().map(pool -> real(pool, scripted)).toList();
        List<Secret> secrets = new ArrayList<>(resources.secrets());
        if (!key.isEmpty()) {
            scripted.stream()
                    .map(name -> name.substring(0, name.indexOf('/')))
                    .distinct()
                    .forEach(namespace -> secrets.add(secret(namespace)));
        }
        return new Resources(
                providers, pools, resources.missions(), resources.configMaps(), secrets, resources.namespaces());
    }

    private Secret secret(String namespace) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(SECRET)
                .endMetadata()
                .addToStringData(SECRET_KEY, key)
                .build();
    }

    // by tree, so that fields which the types gain later are kept
    private ModelProvider real(ModelProvider scripted) {
        ObjectNode spec = JSON.valueToTree(scripted.getSpec());
        spec.put("type", ModelProviderSpec.Type.OpenAI.name());
        spec.put("endpoint", endpoint.isEmpty() ? DEFAULT_ENDPOINT : endpoint);
        spec.remove(List.of("script", "credentials"));
        if (!key.isEmpty()) {
            spec.putObject("credentials")
                    .putObject("secretKeyRef")
                    .put("name", SECRET)
                    .put("key", SECRET_KEY);
        }
        ModelProvider provider = new ModelProvider();
        provider.setMetadata(scripted.getMetadata());
        provider.setSpec(JSON.convertValue(spec, ModelProviderSpec.class));
        return provider;
    }

    private AgentPool real(AgentPool declared, Set<String> scripted) {
        ObjectNode spec = JSON.valueToTree(declared.getSpec());
        String namespace = declared.getMetadata().getNamespace();
        for (JsonNode each : spec.path("models")) {
            JsonNode provider = each.path("providerRef");
            String name = provider.path("namespace").asText(namespace) + "/"
                    + provider.path("name").asText();
            if (scripted.contains(name)) {
                ((ObjectNode) each).put("model", model);
            }
        }
        AgentPool pool = new AgentPool();
        pool.setMetadata(declared.getMetadata());
        pool.setSpec(JSON.convertValue(spec, AgentPoolSpec.class));
        return pool;
    }

    @Override
    public String toString() {
        return "RealModel[" + model + (endpoint.isEmpty() ? "" : " at " + endpoint) + "]";
    }
}

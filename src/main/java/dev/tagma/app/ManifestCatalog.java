package dev.tagma.app;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.catalog.Catalog;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The declared resources by name: what the API server is elsewhere, within one process. */
final class ManifestCatalog implements Catalog {
    private final Map<String, AgentPool> pools;
    private final Map<String, ModelProvider> providers;
    private final Map<String, ConfigMap> configMaps;
    private final Map<String, Secret> secrets;
    private final Map<String, Namespace> namespaces;

    ManifestCatalog(Resources resources) {
        this.pools = byName(resources.pools());
        this.providers = byName(resources.providers());
        this.configMaps = byName(resources.configMaps());
        this.secrets = byName(resources.secrets());
        this.namespaces = resources.namespaces().stream()
                .collect(Collectors.toMap(each -> each.getMetadata().getName(), Function.identity(), (a, b) -> b));
    }

    private static <T extends HasMetadata> Map<String, T> byName(List<T> resources) {
        return resources.stream()
                .collect(Collectors.toMap(
                        each -> key(
                                each.getMetadata().getNamespace(),
                                each.getMetadata().getName()),
                        Function.identity(),
                        (a, b) -> b));
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    @Override
    public Optional<AgentPool> pool(String namespace, String name) {
        return Optional.ofNullable(pools.get(key(namespace, name)));
    }

    @Override
    public Optional<ModelProvider> provider(String namespace, String name) {
        return Optional.ofNullable(providers.get(key(namespace, name)));
    }

    @Override
    public Optional<String> configMap(String namespace, KeyRef ref) {
        return Optional.ofNullable(configMaps.get(key(namespace, ref.name())))
                .map(ConfigMap::getData)
                .map(data -> data.get(ref.key()));
    }

    @Override
    public Optional<String> secret(String namespace, KeyRef ref) {
        Secret secret = secrets.get(key(namespace, ref.name()));
        if (secret == null) {
            return Optional.empty();
        }
        if (secret.getStringData() != null && secret.getStringData().containsKey(ref.key())) {
            return Optional.of(secret.getStringData().get(ref.key()));
        }
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(ref.key()))
                .map(value -> new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8));
    }

    @Override
    public boolean hasSecret(String namespace, String name) {
        return secrets.containsKey(key(namespace, name));
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
        Map<String, String> labels = new HashMap<>(Map.of("kubernetes.io/metadata.name", namespace));
        Optional.ofNullable(namespaces.get(namespace))
                .map(each -> each.getMetadata().getLabels())
                .ifPresent(labels::putAll);
        return labels;
    }

    @Override
    public String absence() {
        return "is not among the manifests: add it (the file of a ConfigMap also with --configmap)";
    }
}

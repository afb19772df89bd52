package dev.tagma.catalog;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the test declares. */
public final class FakeCatalog implements Catalog {
    private final Map<String, ModelProvider> providers = new HashMap<>();
    private final Map<String, AgentPool> pools = new HashMap<>();
    private final Map<String, String> configMaps = new HashMap<>();
    private final Map<String, String> secrets = new HashMap<>();
    private final Map<String, Map<String, String>> labels = new HashMap<>();
    private final Set<String> untold = new HashSet<>();
    private final Set<String> newer = new HashSet<>();

    public void declare(ModelProvider provider) {
        providers.put(key(provider), provider);
    }

    public void declare(AgentPool pool) {
        pools.put(key(pool), pool);
    }

    public void configMap(String namespace, String name, String key, String text) {
        configMaps.put(namespace + "/" + name + "/" + key, text);
    }

    public void secret(String namespace, String name, String key, String text) {
        secrets.put(namespace + "/" + name + "/" + key, text);
    }

    /** The pool, the ConfigMap or the Secret of this name cannot be told at the moment. */
    public void untold(String namespace, String name) {
        untold.add(namespace + "/" + name);
    }

    /** A newer version wrote the pool of this name. */
    public void notUnderstood(String namespace, String name) {
        newer.add(namespace + "/" + name);
    }

    public void toldAgain() {
        untold.clear();
    }

    private void tell(String namespace, String name) {
        if (untold.contains(namespace + "/" + name)) {
            throw new CatalogUnavailableException(name + " cannot be told", null);
        }
    }

    public void withdraw(AgentPool pool) {
        pools.remove(key(pool));
    }

    public void namespace(String name, Map<String, String> its) {
        labels.put(name, its);
    }

    private static String key(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    @Override
    public Optional<AgentPool> pool(String namespace, String name) {
        tell(namespace, name);
        if (newer.contains(namespace + "/" + name)) {
            throw new NotUnderstoodException(name + " cannot be read", null);
        }
        return Optional.ofNullable(pools.get(namespace + "/" + name));
    }

    @Override
    public Optional<ModelProvider> provider(String namespace, String name) {
        return Optional.ofNullable(providers.get(namespace + "/" + name));
    }

    @Override
    public Optional<String> configMap(String namespace, KeyRef ref) {
        tell(namespace, ref.name());
        return Optional.ofNullable(configMaps.get(namespace + "/" + ref.name() + "/" + ref.key()));
    }

    @Override
    public Optional<String> secret(String namespace, KeyRef ref) {
        return Optional.ofNullable(secrets.get(namespace + "/" + ref.name() + "/" + ref.key()));
    }

    @Override
    public boolean hasSecret(String namespace, String name) {
        return secrets.keySet().stream().anyMatch(each -> each.startsWith(namespace + "/" + name + "/"));
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
        Map<String, String> all = new HashMap<>(labels.getOrDefault(namespace, Map.of()));
        all.put("kubernetes.io/metadata.name", namespace);
        return all;
    }

    @Override
    public String absence() {
        return "does not exist";
    }
}

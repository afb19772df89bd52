package dev.tagma.catalog.cluster;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.CatalogChanges;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * What is declared on a cluster. While the API server is away it answers what it knows: pools and providers as they were last seen, keys
 * for some minutes.
 */
public final class ClusterCatalog implements Catalog, CatalogChanges, AutoCloseable {
    private static final String GROUP = "tagma.dev";
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private final Watched<AgentPool> pools;
    private final Watched<ModelProvider> providers;
    private final Watched<Namespace> namespaces;
    private final Fetched configMaps;
    private final Fetched secrets;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /**
     * Watches from now on, and again whenever a watch breaks; the client stays the caller's.
     *
     * @param watched namespaces; empty means all
     * @param nanoTime the monotonic clock
     */
    public ClusterCatalog(KubernetesClient client, Set<String> watched, LongSupplier nanoTime) {
        this.pools = new Watched<>(
                client,
                new Watched.Kind<>(GROUP, "v1alpha1", "agentpools", AgentPool.class),
                watched,
                new Watched.Changes(
                        ClusterCatalog::poolMatter,
                        pool -> listeners.forEach(each -> each.poolChanged(
                                pool.getMetadata().getNamespace(),
                                pool.getMetadata().getName()))));
        this.providers = new Watched<>(
                client,
                new Watched.Kind<>(GROUP, "v1alpha1", "modelproviders", ModelProvider.class),
                watched,
                Watched.Changes.UNHEARD);
        this.namespaces = new Watched<>(
                client,
                new Watched.Kind<>("", "v1", "namespaces", Namespace.class),
                Set.of(),
                new Watched.Changes(
                        ClusterCatalog::namespaceMatter,
                        namespace -> listeners.forEach(each ->
                                each.namespaceChanged(namespace.getMetadata().getName()))));
        this.configMaps = new Fetched(
                "ConfigMap",
                (namespace, name) -> Optional.ofNullable(client.configMaps()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(ClusterCatalog::texts),
                nanoTime);
        this.secrets = new Fetched(
                "Secret",
                (namespace, name) -> Optional.ofNullable(client.secrets()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(ClusterCatalog::texts),
                nanoTime);
    }

    /** Whether everything that is watched was listed once: until then nothing can be told. */
    public boolean synced() {
        return pools.synced() && providers.synced() && namespaces.synced();
    }

    @Override
    public Optional<AgentPool> pool(String namespace, String name) {
        return pools.get(namespace, name);
    }

    @Override
    public Optional<ModelProvider> provider(String namespace, String name) {
        return providers.get(namespace, name);
    }

    @Override
    public Optional<String> configMap(String namespace, KeyRef ref) {
        return configMaps.text(namespace, ref);
    }

    @Override
    public Optional<String> secret(String namespace, KeyRef ref) {
        return secrets.text(namespace, ref);
    }

    @Override
    public boolean hasSecret(String namespace, String name) {
        return secrets.exists(namespace, name);
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
        Map<String, String> labels = new HashMap<>(Map.of(NAME_LABEL, namespace));
        namespaces
                .get(null, namespace)
                .map(each -> each.getMetadata().getLabels())
                .ifPresent(labels::putAll);
        return labels;
    }

    @Override
    public String absence() {
        return "does not exist";
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.removeIf(each -> each == listener);
    }

    /** Not the numbers of its status, which change all the time. */
    private static Object poolMatter(GenericKubernetesResource pool) {
        String revision = pool.get("status", "revision") == null
                ? ""
                : pool.get("status", "revision").toString();
        ObjectMeta metadata = pool.getMetadata();
        return List.of(metadata.getUid(), metadata.getGeneration(), pool.isMarkedForDeletion(), revision);
    }

    private static Object namespaceMatter(GenericKubernetesResource namespace) {
        return namespace.getMetadata().getLabels() == null
                ? Map.of()
                : namespace.getMetadata().getLabels();
    }

    private static Map<String, String> texts(ConfigMap map) {
        return map.getData() == null ? Map.of() : map.getData();
    }

    private static Map<String, String> texts(Secret secret) {
        Map<String, String> texts = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) ->
                            texts.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        }
        return texts;
    }

    @Override
    public void close() {
        pools.close();
        providers.close();
        namespaces.close();
    }
}

package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The missions of the API server, watched and kept trimmed. Any JSON will do: an object of another version never stops the watch. */
public final class MissionIndex implements AutoCloseable {
    private static final long PAGE = 500;
    private static final ResourceDefinitionContext MISSIONS = new ResourceDefinitionContext.Builder()
            .withGroup("tagma.dev")
            .withVersion("v1alpha1")
            .withKind("Mission")
            .withPlural("missions")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final Map<String, MissionItem> items = new ConcurrentHashMap<>();
    private final List<Consumer<MissionItem>> listeners = new CopyOnWriteArrayList<>();
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers;

    /** @param namespaces that are watched; empty for all */
    public MissionIndex(KubernetesClient client, Set<String> namespaces) {
        this.client = client;
        var resources = client.genericKubernetesResources(MISSIONS);
        this.informers = namespaces.isEmpty()
                ? List.of(resources
                        .inAnyNamespace()
                        .withLimit(PAGE)
                        .runnableInformer(0)
                        .itemStore(new Trimmed("")))
                : namespaces.stream()
                        .map(namespace -> resources
                                .inNamespace(namespace)
                                .withLimit(PAGE)
                                .runnableInformer(0)
                                .itemStore(new Trimmed(namespace)))
                        .toList();
    }

    /** Begins to list and watch, and goes on for ever, through whatever trouble. */
    public void start() {
        informers.forEach(informer -> informer.exceptionHandler((_, _) -> true).start());
    }

    /** Whether everything was listed once. */
    public boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    Collection<MissionItem> items() {
        return items.values();
    }

    /** How many there are. */
    public int count() {
        return items.size();
    }

    /** The mission of that name, or null. */
    public MissionItem item(String namespace, String name) {
        return items.get(key(namespace, name));
    }

    /** Tells {@code listener} each mission that changes, or that is gone, as it was then; it must not block. */
    public void listen(Consumer<MissionItem> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    /** What an informer believes to hold; of each object it sees again what it compares: its name and its version. */
    private final class Trimmed implements ItemStore<GenericKubernetesResource> {
        private final String namespace;

        Trimmed(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public String getKey(GenericKubernetesResource object) {
            return key(object.getMetadata().getNamespace(), object.getMetadata().getName());
        }

        @Override
        public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
            MissionItem item =
                    MissionItem.of(client.getKubernetesSerialization().convertValue(object, ObjectNode.class));
            MissionItem before = items.put(key, item);
            tell(item);
            return skeleton(before);
        }

        @Override
        public GenericKubernetesResource remove(String key) {
            MissionItem before = items.remove(key);
            tell(before);
            return skeleton(before);
        }

        private void tell(MissionItem item) {
            if (item != null) {
                listeners.forEach(listener -> listener.accept(item));
            }
        }

        @Override
        public Stream<String> keySet() {
            return mine().map(item -> key(item.namespace(), item.name()));
        }

        @Override
        public Stream<GenericKubernetesResource> values() {
            return mine().map(this::skeleton);
        }

        private Stream<MissionItem> mine() {
            return items.values().stream().filter(item -> namespace.isEmpty() || namespace.equals(item.namespace()));
        }

        @Override
        public int size() {
            return (int) mine().count();
        }

        @Override
        public GenericKubernetesResource get(String key) {
            return skeleton(items.get(key));
        }

        @Override
        public boolean isFullState() {
            return false;
        }

        private GenericKubernetesResource skeleton(MissionItem item) {
            if (item == null) {
                return null;
            }
            GenericKubernetesResource object = new GenericKubernetesResource();
            object.setApiVersion("tagma.dev/v1alpha1");
            object.setKind("Mission");
            object.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(item.namespace())
                    .withName(item.name())
                    .withUid(item.uid())
                    .withResourceVersion(item.resourceVersion())
                    .build());
            return object;
        }
    }
}

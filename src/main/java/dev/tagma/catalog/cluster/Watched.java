package dev.tagma.catalog.cluster;

import dev.tagma.catalog.CatalogUnavailableException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The objects of a kind as they were last seen. They are watched as they come and become Java objects one by one, when they are asked for:
 * one that a newer version stored, and this one cannot read, keeps nobody from the others.
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Watched.class.getName());

    private final KubernetesClient client;
    private final Kind<T> kind;
    private final Changes changes;
    private final WholeReader<T> reader;
    private final Map<String, SharedIndexInformer<GenericKubernetesResource>> byNamespace = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers;
    private final Map<String, Read<T>> read = new ConcurrentHashMap<>();

    /** What is watched; {@code plural} as in URLs, {@code group} empty for the core. */
    record Kind<T extends HasMetadata>(String group, String version, String plural, Class<T> type) {
        private ResourceDefinitionContext context() {
            return new ResourceDefinitionContext.Builder()
                    .withGroup(group.isEmpty() ? null : group)
                    .withVersion(version)
                    .withPlural(plural)
                    .withKind(type.getSimpleName())
                    .withNamespaced(io.fabric8.kubernetes.api.model.Namespaced.class.isAssignableFrom(type))
                    .build();
        }
    }

    /**
     * Who hears of changes, and of which.
     *
     * @param matter of an object: while it stays equal, nothing changed
     */
    record Changes(Function<GenericKubernetesResource, Object> matter, Consumer<GenericKubernetesResource> listener) {
        /** Nobody hears. */
        static final Changes UNHEARD = new Changes(object -> "", object -> {});
    }

    Watched(KubernetesClient client, Kind<T> kind, Set<String> namespaces, Changes changes) {
        this.client = client;
        this.kind = kind;
        this.changes = changes;
        this.reader = new WholeReader<>(kind.type());
        this.informers = namespaces.isEmpty()
                ? List.of(client.genericKubernetesResources(kind.context())
                        .inAnyNamespace()
                        .runnableInformer(0))
                : namespaces.stream().map(this::informer).toList();
        informers.forEach(this::start);
    }

    private SharedIndexInformer<GenericKubernetesResource> informer(String namespace) {
        SharedIndexInformer<GenericKubernetesResource> informer = client.genericKubernetesResources(kind.context())
                .inNamespace(namespace)
                .runnableInformer(0);
        byNamespace.put(namespace, informer);
        return informer;
    }

    private void start(SharedIndexInformer<GenericKubernetesResource> informer) {
        informer.addEventHandler(new News());
        informer.exceptionHandler((started, trouble) -> {
            LOG.log(Level.INFO, "{0} are listed again: {1}", kind.plural(), trouble.getMessage());
            return true;
        });
        informer.start();
    }

    boolean synced() {
        return informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** The object of this name; {@code namespace} is null for kinds without. Throws {@link CatalogUnavailableException}. */
    Optional<T> get(String namespace, String name) {
        SharedIndexInformer<GenericKubernetesResource> informer =
                byNamespace.isEmpty() ? informers.getFirst() : byNamespace.get(namespace);
        if (informer == null) {
            return Optional.empty();
        }
        if (!informer.hasSynced()) {
            throw new CatalogUnavailableException("the API server has not listed the " + kind.plural() + " yet", null);
        }
        String key = namespace == null ? name : namespace + "/" + name;
        GenericKubernetesResource found = informer.getStore().getByKey(key);
        return found == null ? Optional.empty() : Optional.of(read(key, found));
    }

    private T read(String key, GenericKubernetesResource found) {
        String version = found.getMetadata().getResourceVersion();
        Read<T> known = read.get(key);
        if (known != null && known.version().equals(version)) {
            return known.object();
        }
        T object = reader.read(found);
        read.put(key, new Read<>(version, object));
        return object;
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private record Read<T>(String version, T object) {}

    /** Keeps what was read no longer than the object lives, and passes on what matters. The informer's store knows it already. */
    private final class News implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            changes.listener().accept(object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            if (!changes.matter().apply(before).equals(changes.matter().apply(now))) {
                changes.listener().accept(now);
            }
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean stateUnknown) {
            read.remove(
                    object.getMetadata().getNamespace() == null
                            ? object.getMetadata().getName()
                            : object.getMetadata().getNamespace() + "/"
                                    + object.getMetadata().getName());
            changes.listener().accept(object);
        }
    }
}

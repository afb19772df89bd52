package dev.tagma.catalog;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import java.util.Map;
import java.util.Optional;

/**
 * What is declared, as of now. Empty means that there is none; where that cannot be told at the moment, each method throws {@link
 * CatalogUnavailableException}.
 */
public interface Catalog {
    /** The AgentPool of this name. */
    Optional<AgentPool> pool(String namespace, String name);

    /** The ModelProvider of this name. */
    Optional<ModelProvider> provider(String namespace, String name);

    /** The text under the key of a ConfigMap. */
    Optional<String> configMap(String namespace, KeyRef ref);

    /** The text under the key of a Secret. */
    Optional<String> secret(String namespace, KeyRef ref);

    /** Whether there is a Secret of this name, whatever its keys: tells a missing key from a missing Secret. */
    boolean hasSecret(String namespace, String name);

    /** The labels of a namespace, its name as {@code kubernetes.io/metadata.name} among them; that one alone where it is not declared. */
    Map<String, String> namespaceLabels(String namespace);

    /** What is said of something that is not declared, such as {@code does not exist}, with the fix where there is one. */
    String absence();
}

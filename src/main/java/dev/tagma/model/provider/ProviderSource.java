package dev.tagma.model.provider;

import dev.tagma.api.v1alpha1.ModelProviderSpec;

/**
 * A provider and what its references hold.
 *
 * @param name {@code namespace/name}
 * @param key what the secret holds, or null where the provider names none
 * @param script what the ConfigMap holds, for type Scripted; else null
 */
public record ProviderSource(String name, ModelProviderSpec spec, String key, String script) {
    /** Without the key. */
    @Override
    public String toString() {
        return "ProviderSource[" + name + "]";
    }
}

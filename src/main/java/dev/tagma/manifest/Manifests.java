package dev.tagma.manifest;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.ModelProvider;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * The objects of a set of manifests in the order in which they were read: valid, with the defaults of the API server and a namespace.
 *
 * @param secrets with stringData moved into data, as the API server stores them
 */
public record Manifests(
        List<AgentPool> pools,
        List<Mission> missions,
        List<ModelProvider> providers,
        List<ConfigMap> configMaps,
        List<Secret> secrets,
        List<Namespace> namespaces) {
    public Manifests {
        pools = List.copyOf(pools);
        missions = List.copyOf(missions);
        providers = List.copyOf(providers);
        configMaps = List.copyOf(configMaps);
        secrets = List.copyOf(secrets);
        namespaces = List.copyOf(namespaces);
    }
}

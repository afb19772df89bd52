package dev.tagma.app;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.ModelProvider;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/** What the manifests of one run declare: validated, each with a namespace and a UID. */
public record Resources(
        List<ModelProvider> providers,
        List<AgentPool> pools,
        List<Mission> missions,
        List<ConfigMap> configMaps,
        List<Secret> secrets,
        List<Namespace> namespaces) {
    public Resources {
        providers = List.copyOf(providers);
        pools = List.copyOf(pools);
        missions = List.copyOf(missions);
        configMaps = List.copyOf(configMaps);
        secrets = List.copyOf(secrets);
        namespaces = List.copyOf(namespaces);
    }
}

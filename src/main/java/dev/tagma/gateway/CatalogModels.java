package dev.tagma.gateway;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.AgentPoolSpec.PoolModel;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.api.v1alpha1.ModelProviderSpec;
import dev.tagma.catalog.Catalog;
import dev.tagma.catalog.Permission;
import dev.tagma.gateway.ModelDesk.Models;
import dev.tagma.mission.PoolRevision;
import dev.tagma.model.ModelLink;
import dev.tagma.model.provider.ModelClients;
import dev.tagma.model.provider.ProviderSource;
import java.util.ArrayList;
import java.util.List;

/** The chains of agents over the providers that are declared, as they are now: keys rotate, providers come and go. */
public final class CatalogModels implements Models {
    private final Catalog catalog;
    private final ModelClients clients;

    public CatalogModels(Catalog catalog, ModelClients clients) {
        this.catalog = catalog;
        this.clients = clients;
    }

    @Override
    public List<ModelLink> chain(PoolRevision pool, String agent) {
        return pool.spec().agents().stream()
                .filter(each -> each.name().equals(agent))
                .findFirst()
                .map(Agent::models)
                .orElse(List.of())
                .stream()
                .map(name -> link(pool, model(pool, name)))
                .toList();
    }

    /** What keeps the pool's models from being called, each with its field. */
    public List<String> problems(PoolRevision pool) {
        List<String> problems = new ArrayList<>();
        for (PoolModel model : pool.spec().models()) {
            try {
                link(pool, model);
            } catch (IllegalArgumentException e) {
                problems.add("spec.models[" + model.name() + "]: " + e.getMessage());
            }
        }
        return problems;
    }

    private static PoolModel model(PoolRevision pool, String name) {
        return pool.spec().models().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("pool " + pool.name() + " has no model " + name));
    }

    private ModelLink link(PoolRevision pool, PoolModel model) {
        String namespace = model.providerRef().namespace() == null
                ? pool.namespace()
                : model.providerRef().namespace();
        String name = namespace + "/" + model.providerRef().name();
        ModelProvider provider = catalog.provider(namespace, model.providerRef().name())
                .orElseThrow(() -> new IllegalArgumentException(
                        "providerRef names the ModelProvider " + name + ", which " + catalog.absence()));
        if (!Permission.given(provider.getSpec().allowedNamespaces(), namespace, pool.namespace(), catalog)) {
            throw new IllegalArgumentException("the ModelProvider " + name + " does not allow pools of namespace "
                    + pool.namespace() + ": see its spec.allowedNamespaces");
        }
        return clients.link(source(namespace, name, provider.getSpec()), model);
    }

    private ProviderSource source(String namespace, String name, ModelProviderSpec spec) {
        String key = spec.credentials() == null
                ? null
                : catalog.secret(namespace, spec.credentials().secretKeyRef())
                        .orElseThrow(() -> new IllegalArgumentException("the ModelProvider " + name
                                + " names the Secret key "
                                + PoolRevision.contentKey(spec.credentials().secretKeyRef())
                                + " in spec.credentials, which " + catalog.absence()));
        String script = spec.script() == null
                ? null
                : catalog.configMap(namespace, spec.script().configMapKeyRef())
                        .orElseThrow(() -> new IllegalArgumentException("the ModelProvider " + name
                                + " names the ConfigMap key "
                                + PoolRevision.contentKey(spec.script().configMapKeyRef())
                                + " in spec.script, which " + catalog.absence()));
        return new ProviderSource(name, spec, key, script);
    }
}

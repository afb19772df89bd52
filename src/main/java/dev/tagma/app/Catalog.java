package dev.tagma.app;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AllowedNamespaces;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.ModelProvider;
import dev.tagma.mission.PoolRevision;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The declared resources by name: what the API server is elsewhere, within one process. */
final class Catalog {
    private final Map<String, AgentPool> pools;
    private final Map<String, ModelProvider> providers;
    private final Map<String, ConfigMap> configMaps;
    private final Map<String, Secret> secrets;
    private final Map<String, Namespace> namespaces;

    Catalog(Resources resources) {
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

    Optional<AgentPool> pool(String namespace, String name) {
        return Optional.ofNullable(pools.get(key(namespace, name)));
    }

    Optional<ModelProvider> provider(String namespace, String name) {
        return Optional.ofNullable(providers.get(key(namespace, name)));
    }

    Optional<String> configMap(String namespace, KeyRef ref) {
        return Optional.ofNullable(configMaps.get(key(namespace, ref.name())))
                .map(ConfigMap::getData)
                .map(data -> data.get(ref.key()));
    }

    /** The value of a secret's key. */
    Optional<String> secret(String namespace, KeyRef ref) {
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

    /** Whether objects of namespace {@code other} may refer to one of namespace {@code owner}. */
    boolean permits(AllowedNamespaces allowed, String owner, String other) {
        if (owner.equals(other)) {
            return true;
        }
        if (allowed == null || allowed.from() == null) {
            return false;
        }
        return switch (allowed.from()) {
            case Same -> false;
            case All -> true;
            case Selector ->
                labels(other).entrySet().containsAll(selector(allowed).entrySet());
        };
    }

    private Map<String, String> labels(String namespace) {
        Map<String, String> labels = new HashMap<>(Map.of("kubernetes.io/metadata.name", namespace));
        Optional.ofNullable(namespaces.get(namespace))
                .map(each -> each.getMetadata().getLabels())
                .ifPresent(labels::putAll);
        return labels;
    }

    private static Map<String, String> selector(AllowedNamespaces allowed) {
        boolean given = allowed.selector() != null && allowed.selector().matchLabels() != null;
        return given ? allowed.selector().matchLabels() : Map.of();
    }

    /** What the ConfigMaps hold that a pool refers to, by {@link PoolRevision#contentKey}; a missing one is said in {@code problems}. */
    Map<String, String> content(AgentPool pool, List<String> problems) {
        Map<String, String> content = new HashMap<>();
        String namespace = pool.getMetadata().getNamespace();
        for (Reference reference : references(pool.getSpec())) {
            configMap(namespace, reference.ref())
                    .ifPresentOrElse(
                            text -> content.put(PoolRevision.contentKey(reference.ref()), text),
                            () -> problems.add("agentpool " + namespace + "/"
                                    + pool.getMetadata().getName() + ": "
                                    + reference.field() + " names the ConfigMap key "
                                    + PoolRevision.contentKey(reference.ref())
                                    + ", which is not among the manifests: add it, or give its file with --configmap"));
        }
        return content;
    }

    private static List<Reference> references(AgentPoolSpec spec) {
        List<Reference> references = new ArrayList<>();
        for (Agent agent : spec.agents()) {
            if (agent.instructionsFrom() != null) {
                references.add(new Reference(
                        "spec.agents[" + agent.name() + "].instructionsFrom",
                        agent.instructionsFrom().configMapKeyRef()));
            }
        }
        for (Tool tool : spec.tools() == null ? List.<Tool>of() : spec.tools()) {
            if (tool.lookup() != null) {
                references.add(new Reference(
                        "spec.tools[" + tool.name() + "].lookup", tool.lookup().configMapKeyRef()));
            }
        }
        return references;
    }

    private record Reference(String field, KeyRef ref) {}
}

package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a pool's objects are called, by whom they are found, and whose they are. */
final class PoolNames {
    /** The label that carries the pool's name. */
    static final String POOL = "tagma.dev/pool";

    /** Chooses all runtimes' objects, for watches. */
    static final String OURS = "app.kubernetes.io/managed-by=" + OperatorSettings.FIELD_MANAGER;

    private PoolNames() {}

    /** The one name of all objects of a pool: its runtimes' service account is called so by agreement with the gateway. */
    static String of(AgentPool pool) {
        return pool.getMetadata().getName() + "-runtime";
    }

    /** What chooses the pool's pods: a Deployment's selector can never change. */
    static Map<String, String> selector(AgentPool pool) {
        return Map.of(
                "app.kubernetes.io/name",
                "tagma",
                "app.kubernetes.io/component",
                "runtime",
                POOL,
                pool.getMetadata().getName());
    }

    /** The same, as kubectl and the scale subresource write it. */
    static String selectorText(AgentPool pool) {
        return selector(pool).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
    }

    /** Labels of everything that belongs to the pool. */
    static Map<String, String> labels(AgentPool pool) {
        Map<String, String> labels = new TreeMap<>(selector(pool));
        labels.put("app.kubernetes.io/managed-by", OperatorSettings.FIELD_MANAGER);
        return labels;
    }

    static ObjectMeta metadata(AgentPool pool) {
        return new ObjectMetaBuilder()
                .withName(of(pool))
                .withNamespace(pool.getMetadata().getNamespace())
                .withLabels(labels(pool))
                .withOwnerReferences(owner(pool))
                .build();
    }

    private static OwnerReference owner(AgentPool pool) {
        return new OwnerReferenceBuilder()
                .withApiVersion(pool.getApiVersion())
                .withKind(pool.getKind())
                .withName(pool.getMetadata().getName())
                .withUid(pool.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}

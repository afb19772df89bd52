package dev.tagma.catalog;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.mission.PoolRevision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the ConfigMaps hold that a pool refers to: part of its revision.
 *
 * @param texts by {@link PoolRevision#contentKey}
 * @param missing references that lead nowhere
 */
public record PoolContent(Map<String, String> texts, List<Reference> missing) {
    public PoolContent {
        texts = Map.copyOf(texts);
        missing = List.copyOf(missing);
    }

    /**
     * A reference to a ConfigMap.
     *
     * @param field of the pool, such as {@code spec.tools[factors].lookup}
     */
    public record Reference(String field, KeyRef ref) {}

    /** What the pool refers to, as of now. */
    public static PoolContent of(AgentPool pool, Catalog catalog) {
        Map<String, String> texts = new HashMap<>();
        List<Reference> missing = new ArrayList<>();
        for (Reference reference : references(pool.getSpec())) {
            catalog.configMap(pool.getMetadata().getNamespace(), reference.ref())
                    .ifPresentOrElse(
                            text -> texts.put(PoolRevision.contentKey(reference.ref()), text),
                            () -> missing.add(reference));
        }
        return new PoolContent(texts, missing);
    }

    /** Every ConfigMap key that the spec names. */
    public static List<Reference> references(AgentPoolSpec spec) {
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
}

package dev.tagma.mission;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.KeyRef;
import java.util.Map;
import java.util.UUID;

/**
 * A pool as missions see it, immutable: a mission pins it at its first start.
 *
 * @param pool the pool's UID
 * @param revision from 1, rising with each change of agents, tools, models or the content they refer to
 * @param namespace and {@code name} of the pool
 * @param spec agents, tools, models, missionDefaults and missionLimits; runtime and scaling settings make no revision
 * @param content what ConfigMaps held when the revision was made, by {@link #contentKey}
 */
public record PoolRevision(
        UUID pool, int revision, String namespace, String name, AgentPoolSpec spec, Map<String, String> content) {
    public PoolRevision {
        content = Map.copyOf(content);
    }

    /** The part of a pool's spec that a revision pins: what a change of it would mean to a mission. */
    public static AgentPoolSpec pinned(AgentPoolSpec spec) {
        return new AgentPoolSpec(
                null,
                spec.models(),
                spec.agents(),
                spec.tools(),
                null,
                null,
                spec.missionDefaults(),
                spec.missionLimits(),
                null);
    }

    /** {@code name/key} of a ConfigMap reference. */
    public static String contentKey(KeyRef ref) {
        return ref.name() + "/" + ref.key();
    }

    /** The text that {@code ref} named; throws IllegalArgumentException where the revision holds none. */
    public String content(KeyRef ref) {
        String text = content.get(contentKey(ref));
        if (text == null) {
            throw new IllegalArgumentException("revision " + revision + " of pool " + namespace + "/" + name
                    + " holds no ConfigMap " + contentKey(ref));
        }
        return text;
    }
}

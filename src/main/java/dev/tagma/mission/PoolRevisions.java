package dev.tagma.mission;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The revisions of pools: immutable, so that an answer may be cached for ever. */
public interface PoolRevisions {
    /**
     * The latest revision of the pool after this call: the present one where spec and content are equal to it, a new one otherwise.
     * Concurrent callers with equal content get the same revision.
     */
    PoolRevision publish(UUID pool, String namespace, String name, AgentPoolSpec spec, Map<String, String> content);

    /** One revision. */
    Optional<PoolRevision> find(UUID pool, int revision);

    /** The latest revision of a pool. */
    Optional<PoolRevision> latest(UUID pool);
}

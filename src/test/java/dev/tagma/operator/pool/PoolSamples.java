package dev.tagma.operator.pool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tagma.api.v1alpha1.AgentPool;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Pools as the API server would hand them out. */
final class PoolSamples {
    static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static final YAMLMapper YAML = new YAMLMapper();

    private PoolSamples() {}

    /** Anything, written as YAML. */
    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** The pool p of generation 7; {@code more} are further fields of its spec. */
    static AgentPool pool(String... more) {
        AgentPool pool = SERIALIZATION.unmarshal(Pools.pool("p", more), AgentPool.class);
        pool.getMetadata().setNamespace("team");
        pool.getMetadata().setUid("00000000-0000-4000-8000-000000000001");
        pool.getMetadata().setGeneration(7L);
        return pool;
    }
}

package dev.tagma.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.SpecCodec;
import dev.tagma.mission.step.Failover;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The stored form of specs and of what is stored beside them. */
final class SpecJson {
    private static final JsonMapper JSON = SpecCodec.JSON;

    private static final TypeReference<List<Failover>> FAILOVERS = new TypeReference<>() {};

    private SpecJson() {}

    /** What a revision of a pool holds. */
    record Pool(AgentPoolSpec spec, Map<String, String> content) {}

    static byte[] encode(MissionSpec spec) {
        return bytes(spec);
    }

    static byte[] encode(Pool pool) {
        return bytes(pool);
    }

    /** As text for a jsonb, which has no NUL. */
    static String encode(Failover failover) {
        try {
            return JSON.writeValueAsString(failover).replace("\\u0000", "\uFFFD");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a failover is always JSON: " + failover, e);
        }
    }

    static MissionSpec mission(byte[] bytes) {
        try {
            return JSON.readValue(bytes, MissionSpec.class);
        } catch (IOException e) {
            throw new IllegalStateException("not a stored mission spec: " + e.getMessage(), e);
        }
    }

    static Pool pool(byte[] bytes) {
        try {
            return JSON.readValue(bytes, Pool.class);
        } catch (IOException e) {
            throw new IllegalStateException("not a stored pool revision: " + e.getMessage(), e);
        }
    }

    static List<Failover> failovers(String json) {
        try {
            return JSON.readValue(json, FAILOVERS);
        } catch (IOException e) {
            throw new IllegalStateException("not stored failovers: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a spec is always JSON: " + value, e);
        }
    }
}

package dev.tagma.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;

/** Specs as YAML's JSON, so that a test shows what a user would write. */
public final class Specs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Specs() {}

    /** A mission of the agent in {@link #pool}, with further fields as JSON, such as {@code "maxIterations": 3}. */
    public static MissionSpec mission(String fields) {
        return read("{\"goal\": \"Do it.\"" + (fields.isEmpty() ? "" : ", " + fields) + "}", MissionSpec.class);
    }

    public static AgentPoolSpec pool() {
        return read(
                "{\"agents\": [{\"name\": \"clerk\", \"instructions\": \"You are a clerk.\", \"models\": [\"primary\"]}]}",
                AgentPoolSpec.class);
    }

    public static JsonNode json(String text) {
        return read(text, JsonNode.class);
    }

    private static <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}

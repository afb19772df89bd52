package dev.tagma.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.ModelProvider;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;

/** Between JSON and the types. */
final class ObjectCodec {
    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
            .build();

    /** The valid documents, typed. */
    Manifests typed(List<Document> documents) {
        return new Manifests(
                all(documents, AgentPool.class),
                all(documents, Mission.class),
                all(documents, ModelProvider.class),
                all(documents, ConfigMap.class),
                all(documents, Secret.class),
                all(documents, Namespace.class));
    }

    /** The object as JSON, without what is not set. */
    ObjectNode tree(HasMetadata object) {
        return json.valueToTree(object);
    }

    private <T extends HasMetadata> List<T> all(List<Document> documents, Class<T> type) {
        List<T> objects = new ArrayList<>();
        for (Document document : documents) {
            if (document.kind().equals(type.getSimpleName())) {
                objects.add(typed(document.content(), type));
            }
        }
        return objects;
    }

    private <T> T typed(JsonNode content, Class<T> type) {
        try {
            return json.treeToValue(content, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("valid by its schema, and yet no " + type.getSimpleName(), e);
        }
    }
}

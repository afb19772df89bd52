package dev.tagma.app;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.ModelProvider;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Resources out of YAML, without the checks that users' manifests go through. */
final class TestResources {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "ModelProvider", ModelProvider.class,
            "AgentPool", AgentPool.class,
            "Mission", Mission.class,
            "ConfigMap", ConfigMap.class,
            "Secret", Secret.class,
            "Namespace", Namespace.class);

    private TestResources() {}

    static Resources of(String yaml) {
        List<HasMetadata> all = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNext()) {
                ObjectNode document = (ObjectNode) documents.next();
                HasMetadata resource = YAML.treeToValue(
                        document, KINDS.get(document.path("kind").asText()));
                if (resource.getMetadata().getNamespace() == null) {
                    resource.getMetadata().setNamespace("default");
                }
                resource.getMetadata().setUid(UUID.randomUUID().toString());
                all.add(resource);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Resources(
                only(all, ModelProvider.class),
                only(all, AgentPool.class),
                only(all, Mission.class),
                only(all, ConfigMap.class),
                only(all, Secret.class),
                only(all, Namespace.class));
    }

    private static <T> List<T> only(List<HasMetadata> all, Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }
}

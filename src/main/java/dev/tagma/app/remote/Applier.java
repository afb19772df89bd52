package dev.tagma.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.app.fleet.FleetException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;

/** Applies objects to the API server, server-side and in the caller's name: what others own is not taken from them. */
final class Applier {
    private static final String FIELD_MANAGER = "tagma-cli";
    /** What others refer to goes first, so that less has to wait. */
    private static final List<String> FIRST =
            List.of("Namespace", "ConfigMap", "Secret", "ModelProvider", "AgentPool", "Mission");

    private final KubernetesClient client;
    private final String home;

    Applier(KubernetesClient client, String home) {
        this.client = client;
        this.home = home;
    }

    /** The missions among the objects, in their order, as the API server has them now. Throws FleetException with every refusal. */
    List<JsonNode> apply(List<ObjectNode> objects) {
        List<String> refusals = new ArrayList<>();
        FleetException.Kind worst = FleetException.Kind.Refused;
        JsonNode[] applied = new JsonNode[objects.size()];
        for (String kind : FIRST) {
            for (int i = 0; i < applied.length; i++) {
                if (!objects.get(i).path("kind").asText().equals(kind)) {
                    continue;
                }
                try {
                    applied[i] = apply(objects.get(i));
                } catch (KubernetesClientException e) {
                    FleetException trouble = ApiServerTrouble.translate(label(objects.get(i)), e);
                    worst = trouble.kind() == FleetException.Kind.Unreachable ? trouble.kind() : worst;
                    refusals.add(trouble.getMessage());
                }
            }
        }
        if (!refusals.isEmpty()) {
            throw new FleetException(worst, String.join(System.lineSeparator(), refusals));
        }
        List<JsonNode> missions = new ArrayList<>();
        for (JsonNode object : applied) {
            if (object != null && object.path("kind").asText().equals("Mission")) {
                missions.add(object);
            }
        }
        return missions;
    }

    private JsonNode apply(ObjectNode object) {
        GenericKubernetesResource resource = GatewayClient.JSON.convertValue(object, GenericKubernetesResource.class);
        if (!resource.getKind().equals("Namespace") && resource.getMetadata().getNamespace() == null) {
            resource.getMetadata().setNamespace(home);
        }
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(FIELD_MANAGER)
                .withForce(false)
                .build();
        return GatewayClient.JSON.valueToTree(client.resource(resource).patch(context));
    }

    private String label(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return object.path("kind").asText() + " " + metadata.path("namespace").asText(home) + "/"
                + metadata.path("name").asText();
    }
}

package dev.tagma.operator.pool;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.operator.OperatorSettings;
import dev.tagma.registry.InstanceRegistry.Instance;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes on each runtime's pod what its deletion would cost, so that a scale-down takes the idle first. The cost is the load rounded up to
 * a power of two, and is written when that changes, not with each mission.
 */
final class DeletionCosts {
    static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

    private static final Logger LOG = System.getLogger(DeletionCosts.class.getName());
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final Map<UUID, Map<String, Integer>> written = new ConcurrentHashMap<>();

    DeletionCosts(KubernetesClient client) {
        this.client = client;
    }

    /** The cost of deleting a runtime that holds so many missions: 0, 1, 2, 4, 8... */
    static int cost(int held) {
        return held <= 1 ? Math.max(0, held) : Integer.highestOneBit(held - 1) << 1;
    }

    /** Brings the pods of the pool's live runtimes up to date. */
    void write(AgentPool pool, List<Instance> live) {
        UUID uid = UUID.fromString(pool.getMetadata().getUid());
        Map<String, Integer> before = written.getOrDefault(uid, Map.of());
        Map<String, Integer> now = new HashMap<>();
        for (Instance instance : live) {
            now.merge(instance.pod(), cost(instance.held()), Math::max);
        }
        now.forEach((pod, cost) -> {
            if (!cost.equals(before.get(pod))) {
                write(pool.getMetadata().getNamespace(), pod, cost);
            }
        });
        written.put(uid, now);
    }

    private void write(String namespace, String pod, int cost) {
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withName(pod)
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.JSON_MERGE)
                                    .withFieldManager(OperatorSettings.FIELD_MANAGER)
                                    .build(),
                            "{\"metadata\":{\"annotations\":{\"" + ANNOTATION + "\":\"" + cost + "\"}}}");
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
            LOG.log(Level.DEBUG, "the pod {0}/{1} is gone, its runtime not yet", namespace, pod);
        }
    }

    void forget(UUID pool) {
        written.remove(pool);
    }
}

package dev.tagma.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Every version of the objects of Tagma's kinds in a namespace, as a watcher sees them. */
final class Versions implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Queue<GenericKubernetesResource> seen = new ConcurrentLinkedQueue<>();
    private final List<Watch> watches;

    Versions(String namespace) {
        watches = Stream.of("AgentPool", "ModelProvider", "Mission")
                .map(kind -> Suite.client()
                        .genericKubernetesResources("tagma.dev/v1alpha1", kind)
                        .inNamespace(namespace)
                        .watch(new Watcher<>() {
                            @Override
                            public void eventReceived(Action action, GenericKubernetesResource object) {
                                if (action == Action.ADDED || action == Action.MODIFIED) {
                                    seen.add(object);
                                }
                            }

                            @Override
                            public void onClose(WatcherException cause) {
                                // with the scenario
                            }
                        }))
                .toList();
    }

    /** Waits until an object, as {@code Kind/name}, has stood so by its Ready condition. */
    void awaitReason(String name, String reason) {
        Waiting.atMost(PATIENCE, name + " to be " + reason)
                .until(() -> seen.stream().anyMatch(each -> name(each).equals(name) && reason(each, reason)));
    }

    private static String name(GenericKubernetesResource object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private static boolean reason(GenericKubernetesResource object, String reason) {
        List<?> conditions = object.get("status", "conditions");
        return conditions != null && conditions.toString().contains("reason=" + reason + ",");
    }

    /** All of them as JSON, in the order of their kinds' watches. */
    List<String> all() {
        return seen.stream()
                .map(each -> Suite.client().getKubernetesSerialization().asJson(each))
                .toList();
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
    }
}

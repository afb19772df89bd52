package dev.tagma.gateway.rest;

import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Authorizer;
import dev.tagma.gateway.rest.event.LiveReplies;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.StepLog;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;

/**
 * What REST stands on.
 *
 * @param kubernetes with the gateway's own account: it reads pools and providers, and reads, creates, patches and deletes missions
 * @param namespaces whose missions are listed and watched; empty for all
 * @param replies which models of this replica write, to be told to listeners
 */
public record RestPorts(
        KubernetesClient kubernetes,
        Set<String> namespaces,
        Authenticator authenticator,
        Authorizer authorizer,
        Stores stores,
        LiveReplies replies) {
    public RestPorts {
        namespaces = Set.copyOf(namespaces);
    }

    /** What is read of the store. */
    public record Stores(MissionStore missions, StepLog steps, Hints hints) {}
}

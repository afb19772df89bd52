package dev.tagma.operator.mission;

import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.mission.StoreUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Tells a database or an API server that is away from a bug. */
final class PassingTrouble {
    private PassingTrouble() {}

    static boolean is(Throwable trouble) {
        return trouble instanceof StoreUnavailableException
                || trouble instanceof CatalogUnavailableException
                || trouble instanceof KubernetesClientException;
    }
}

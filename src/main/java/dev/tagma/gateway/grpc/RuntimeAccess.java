package dev.tagma.gateway.grpc;

import dev.tagma.gateway.access.Caller;
import java.util.Optional;
import java.util.UUID;

/** Tells which runtimes may serve which pool. */
@FunctionalInterface
public interface RuntimeAccess {
    /**
     * Why {@code caller} may not serve the pool of this UID, for people; empty where it may. Throws {@link
     * dev.tagma.gateway.access.AccessUnavailableException} or {@link dev.tagma.catalog.CatalogUnavailableException} where that cannot be
     * told.
     */
    Optional<String> objection(Caller caller, UUID pool);
}

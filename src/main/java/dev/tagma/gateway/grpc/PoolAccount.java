package dev.tagma.gateway.grpc;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.catalog.Catalog;
import dev.tagma.gateway.access.Caller;
import java.util.Optional;
import java.util.UUID;

/** A pool is served by the service account {@code <pool>-runtime} of its namespace, and by no other. */
public final class PoolAccount implements RuntimeAccess {
    private static final String SUFFIX = "-runtime";

    private final Catalog catalog;

    public PoolAccount(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Optional<String> objection(Caller caller, UUID pool) {
        Optional<String> account = caller.serviceAccount();
        if (account.isEmpty() || !account.get().endsWith(SUFFIX)) {
            return Optional.of(caller.user() + " is no service account of a pool, which is named <pool>" + SUFFIX);
        }
        if (caller.podUid().isEmpty()) {
            return Optional.of("the token of " + caller.user() + " is not bound to a pod");
        }
        String[] parts = account.get().split("/", 2);
        String name = parts[1].substring(0, parts[1].length() - SUFFIX.length());
        Optional<AgentPool> found = catalog.pool(parts[0], name);
        if (found.isEmpty()) {
            return Optional.of(
                    "the AgentPool " + parts[0] + "/" + name + " of " + caller.user() + " " + catalog.absence());
        }
        String uid = found.get().getMetadata().getUid();
        return pool.toString().equals(uid)
                ? Optional.empty()
                : Optional.of(caller.user() + " serves the AgentPool of UID " + uid + ", not " + pool);
    }
}

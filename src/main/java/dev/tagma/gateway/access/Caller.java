package dev.tagma.gateway.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody whose token Kubernetes vouches for.
 *
 * @param user as Kubernetes names it, such as {@code system:serviceaccount:carbon:analysts}
 * @param uid of the user, or empty
 * @param groups it belongs to
 * @param extra what else is known, such as the pod that a token is bound to
 */
public record Caller(String user, String uid, Set<String> groups, Map<String, List<String>> extra) {
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

    public Caller {
        groups = Set.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /** The service account as {@code namespace/name}; empty for anybody else. */
    public Optional<String> serviceAccount() {
        return user.startsWith(SERVICE_ACCOUNT)
                ? Optional.of(user.substring(SERVICE_ACCOUNT.length()).replace(':', '/'))
                : Optional.empty();
    }

    /** The pod that the token is bound to. */
    public Optional<String> podName() {
        return first(POD_NAME);
    }

    /** The UID of the pod that the token is bound to. */
    public Optional<UUID> podUid() {
        return first(POD_UID).map(UUID::fromString);
    }

    private Optional<String> first(String key) {
        return extra.getOrDefault(key, List.of()).stream().findFirst();
    }
}

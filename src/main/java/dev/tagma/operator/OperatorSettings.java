package dev.tagma.operator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How the operator runs.
 *
 * @param namespace its own: where its lease is, and where the gateways are
 * @param watchNamespaces whose objects it keeps; empty for all
 * @param runtimes what it writes into runtime pods
 * @param lease by which one of several operators acts
 */
public record OperatorSettings(String namespace, Set<String> watchNamespaces, Runtimes runtimes, Lease lease) {
    /** The field manager of all that the operator writes. */
    public static final String FIELD_MANAGER = "tagma-operator";

    public OperatorSettings {
        requireText("namespace", namespace);
        watchNamespaces = Set.copyOf(watchNamespaces);
        Objects.requireNonNull(runtimes, "runtimes");
        Objects.requireNonNull(lease, "lease");
    }

    /** Whether the objects of a namespace are this operator's. */
    public boolean watches(String namespace) {
        return watchNamespaces.isEmpty() || watchNamespaces.contains(namespace);
    }

    /**
     * What every runtime pod is given.
     *
     * @param image of pools that name none
     * @param gateway {@code host:port} of the gateway's gRPC service
     * @param plaintext whether the gateway speaks without TLS
     * @param authority PEM file with the certificates that vouch for the gateway, which each pool gets a copy of; null for the
     *     system's authorities
     */
    public record Runtimes(String image, String gateway, boolean plaintext, Path authority) {
        public Runtimes {
            requireText("image", image);
            if (gateway == null || !gateway.matches("[^:/\\s]+:[0-9]{1,5}")) {
                throw new IllegalArgumentException("the gateway's address is \"" + gateway
                        + "\": write host:port, such as tagma-gateway.tagma.svc:9443");
            }
        }
    }

    /**
     * The leader's lease: who does not renew it within {@code renewWithin} stops acting, before another may take it after {@code
     * duration}.
     */
    public record Lease(String name, String identity, Duration duration, Duration renewWithin, Duration retryEvery) {
        /** The lease's name where nobody says another. */
        public static final String NAME = "tagma-operator";

        public Lease {
            requireText("lease name", name);
            requireText("lease identity", identity);
            if (renewWithin.compareTo(duration) >= 0 || retryEvery.compareTo(renewWithin) >= 0) {
                throw new IllegalArgumentException("a lease needs retryEvery < renewWithin < duration, not "
                        + retryEvery + ", " + renewWithin + ", " + duration);
            }
        }

        /** The times that Kubernetes' own controllers use: 15 s, 10 s, 2 s. */
        public static Lease of(String identity) {
            return new Lease(NAME, identity, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }
    }

    private static void requireText(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the operator's " + name + " is empty");
        }
    }
}

package dev.tagma.gateway.egress;

import java.util.Optional;

/** Where the values of Secrets come from. */
@FunctionalInterface
public interface SecretSource {
    /** The text under {@code key} of the Secret {@code namespace/name}; empty where Secret or key are missing. */
    Optional<String> read(String namespace, String name, String key);
}

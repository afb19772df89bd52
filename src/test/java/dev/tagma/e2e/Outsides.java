package dev.tagma.e2e;

import java.util.List;
import java.util.Objects;

/** Where the tools and the model outside Tagma are started, so that pods reach them. */
final class Outsides {
    private static final String CONTROL_PLANE = "198.51.100.10";

    private Outsides() {}

    /** In the control plane's network namespace; for another cluster on this machine, at the address of it that E2E_ADDRESS names. */
    static Outside start() {
        if (Suite.OWN_NODES) {
            return new Outside(List.of("nsenter", "--net=/run/netns/tagma-control"), CONTROL_PLANE);
        }
        return new Outside(
                List.of(),
                Objects.requireNonNull(
                        System.getenv("E2E_ADDRESS"),
                        "E2E_ADDRESS is not set: the address of this machine that the cluster's pods reach"));
    }
}

package dev.tagma.gateway.rest;

import java.util.List;

/**
 * Whether requests can be answered at the moment. It asks nobody: a probe that waits for a database that is away would be late, and
 * whether it is away is known from what else the gateway asks it.
 */
final class RestReadiness {
    private final MissionIndex index;

    RestReadiness(MissionIndex index) {
        this.index = index;
    }

    List<String> troubles() {
        return index.synced() ? List.of() : List.of("the missions of the API server are not listed yet");
    }
}

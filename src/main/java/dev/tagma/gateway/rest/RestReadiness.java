package dev.tagma.gateway.rest;

import dev.tagma.mission.MissionStore;
import dev.tagma.mission.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Whether requests can be answered at the moment. */
final class RestReadiness {
    private static final UUID NOBODY = new UUID(0, 0);

    private final MissionStore missions;
    private final MissionIndex index;

    RestReadiness(MissionStore missions, MissionIndex index) {
        this.missions = missions;
        this.index = index;
    }

    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        try {
            missions.find(NOBODY);
        } catch (StoreUnavailableException e) {
            troubles.add("the database does not answer: " + e.getMessage());
        }
        if (!index.synced()) {
            troubles.add("the missions of the API server are not listed yet");
        }
        return troubles;
    }
}

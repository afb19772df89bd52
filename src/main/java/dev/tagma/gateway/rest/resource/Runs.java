package dev.tagma.gateway.rest.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import java.util.Optional;
import java.util.UUID;

/** Finds the run that belongs to a mission's object. */
public final class Runs {
    /** Carries the UID of a run over a restore of its object from a backup. */
    static final String RUN_UID = "tagma.dev/run-uid";

    private final ApiServer server;
    private final MissionStore missions;

    public Runs(ApiServer server, MissionStore missions) {
        this.server = server;
        this.missions = missions;
    }

    /**
     * A mission's object and its run.
     *
     * @param uid of the object
     * @param row or null before it was admitted
     */
    public record Found(ObjectNode object, UUID uid, MissionRecord row) {}

    /** Throws the problem of an object that is not there. */
    public Found find(String namespace, String name) {
        ObjectNode object = server.get("missions", namespace, name);
        UUID uid = UUID.fromString(object.path("metadata").path("uid").asText());
        MissionRecord row =
                missions.find(uid).or(() -> restored(object, namespace, name)).orElse(null);
        return new Found(object, uid, row);
    }

    /** The run as it is now. */
    public Optional<MissionRecord> find(UUID uid) {
        return missions.find(uid);
    }

    /** Anybody may write an annotation: it leads to a run of this very name alone, never to another's. */
    private Optional<MissionRecord> restored(JsonNode object, String namespace, String name) {
        return uid(object.path("metadata").path("annotations").path(RUN_UID).asText())
                .flatMap(missions::find)
                .filter(row -> row.namespace().equals(namespace) && row.name().equals(name));
    }

    private static Optional<UUID> uid(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

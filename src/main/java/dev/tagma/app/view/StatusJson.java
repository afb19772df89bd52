package dev.tagma.app.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Usage;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Missions in the shape of their custom resource: metadata, spec and status, as {@code kubectl get -o json} would show them. */
public final class StatusJson {
    private static final String API_VERSION = "tagma.dev/v1alpha1";
    private static final JsonMapper STATUS = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private final JsonMapper json;
    private final Function<UUID, Optional<MissionSpec>> specs;

    /** {@code specs} finds a mission's effective spec, with what its pool filled in. */
    public StatusJson(JsonMapper json, Function<UUID, Optional<MissionSpec>> specs) {
        this.json = json;
        this.specs = specs;
    }

    /** Several missions as one list. */
    public static ObjectNode list(JsonMapper json, Collection<ObjectNode> missions) {
        ObjectNode list = json.createObjectNode();
        list.put("apiVersion", API_VERSION)
                .put("kind", "MissionList")
                .putArray("items")
                .addAll(missions);
        return list;
    }

    /** One mission. */
    public ObjectNode mission(MissionProgress mission) {
        MissionRecord row = mission.record();
        ObjectNode resource = json.createObjectNode();
        resource.put("apiVersion", API_VERSION).put("kind", "Mission");
        resource.putObject("metadata")
                .put("namespace", row.namespace())
                .put("name", row.name())
                .put("uid", row.uid().toString());
        specs.apply(row.uid()).ifPresent(spec -> resource.set("spec", STATUS.valueToTree(spec)));
        resource.set("status", status(mission));
        return resource;
    }

    /** The row's, with the usage of the steps that were seen since. */
    private static ObjectNode status(MissionProgress mission) {
        ObjectNode status = STATUS.valueToTree(Projection.withWholeAnswer(mission.record(), Seen.NOTHING));
        status.set("usage", usage(mission.spent()));
        return status;
    }

    /** Usage in the shape of {@code status.usage}. */
    static ObjectNode usage(Usage usage) {
        return STATUS.valueToTree(Projection.usage(usage));
    }
}

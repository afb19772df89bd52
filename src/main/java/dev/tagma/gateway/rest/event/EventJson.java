package dev.tagma.gateway.rest.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.gateway.rest.resource.MissionItem;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Projection;
import java.io.IOException;

/** Events as lines of JSON. */
final class EventJson {
    private final JsonMapper json;

    EventJson(JsonMapper json) {
        this.json = json.rebuild()
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .build();
    }

    String transition(MissionRecord row) {
        JsonNode status = json.valueToTree(Projection.of(row, Projection.Seen.NOTHING));
        return line(new MissionEvent.Transition(
                row.namespace(), row.name(), row.uid().toString(), status));
    }

    /** A mission that is not admitted yet, as its object says. */
    String pending(MissionItem item) {
        try {
            JsonNode status = json.readTree(item.json()).path("status");
            return line(new MissionEvent.Transition(item.namespace(), item.name(), item.uid(), status));
        } catch (IOException e) {
            throw new IllegalStateException("an item is always JSON", e);
        }
    }

    String line(MissionEvent event) {
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is always JSON", e);
        }
    }
}

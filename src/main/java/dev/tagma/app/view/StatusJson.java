package dev.tagma.app.view;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import java.time.Instant;
import java.util.Collection;

/** Missions in the shape of their custom resource: metadata and status, as {@code kubectl get -o json} would show them. */
public final class StatusJson {
    private static final String API_VERSION = "tagma.dev/v1alpha1";

    private final JsonMapper json;

    public StatusJson(JsonMapper json) {
        this.json = json;
    }

    /** Several missions as one list. */
    public ObjectNode list(Collection<MissionProgress> missions) {
        ObjectNode list = json.createObjectNode();
        list.put("apiVersion", API_VERSION).put("kind", "MissionList");
        ArrayNode items = list.putArray("items");
        missions.forEach(mission -> items.add(mission(mission)));
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
        resource.set("status", status(mission));
        return resource;
    }

    private ObjectNode status(MissionProgress mission) {
        MissionRecord row = mission.record();
        ObjectNode status = json.createObjectNode();
        status.put("phase", row.phase().name());
        status.putObject("pool").put("uid", row.pool().toString()).put("revision", row.revision());
        status.putObject("runtime").put("epoch", row.epoch());
        if (row.head().seq() > 0) {
            status.putObject("checkpoint")
                    .put("sequence", row.head().seq())
                    .put("digest", row.head().digest().hex());
        }
        status.set("usage", usage(json, mission.spent()));
        if (row.outcome() != null) {
            outcome(status, row, row.outcome());
        }
        if (!row.failovers().isEmpty()) {
            ArrayNode failovers = status.putArray("failovers");
            row.failovers().forEach(failover -> failovers.add(failover(failover)));
        }
        put(status, "startTime", row.startedAt());
        put(status, "completionTime", row.finishedAt());
        conditions(status.putArray("conditions"), row);
        return status;
    }

    private static void outcome(ObjectNode status, MissionRecord row, Outcome outcome) {
        if (row.phase() != Phase.Succeeded) {
            status.putObject("failure")
                    .put("reason", outcome.reason().name())
                    .put("message", outcome.message())
                    .put("attempts", row.attempts() + 1);
        }
        if (outcome.summary() != null || outcome.output() != null) {
            ObjectNode result = status.putObject("result");
            result.put("summary", outcome.summary());
            if (outcome.output() != null) {
                result.set("output", outcome.output());
            }
        }
    }

    private ObjectNode failover(Failover failover) {
        ObjectNode node = json.createObjectNode();
        put(node, "time", failover.time());
        return node.put("type", failover.type().name())
                .put("from", failover.from())
                .put("to", failover.to())
                .put("reason", failover.reason());
    }

    private static void conditions(ArrayNode conditions, MissionRecord row) {
        boolean terminal = row.phase().terminal();
        boolean succeeded = row.phase() == Phase.Succeeded;
        condition(conditions, row, "Ready", succeeded);
        condition(conditions, row, "Reconciling", !terminal);
        condition(conditions, row, "Stalled", terminal && !succeeded);
        condition(conditions, row, "Finished", terminal);
    }

    private static void condition(ArrayNode conditions, MissionRecord row, String type, boolean status) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", status ? "True" : "False")
                .put("reason", row.reason().name())
                .put("message", row.message() == null ? "" : row.message());
    }

    /** Usage in the shape of {@code status.usage}. */
    static ObjectNode usage(JsonMapper json, Usage usage) {
        ObjectNode node = json.createObjectNode();
        node.put("iterations", usage.iterations())
                .put("modelCalls", usage.modelCalls())
                .put("toolCalls", usage.toolCalls());
        node.putObject("tokens").put("input", usage.inputTokens()).put("output", usage.outputTokens());
        return node.put("cost", usage.cost());
    }

    private static void put(ObjectNode node, String field, Instant time) {
        if (time != null) {
            node.put(field, time.toString());
        }
    }
}

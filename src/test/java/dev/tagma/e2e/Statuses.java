package dev.tagma.e2e;

import dev.tagma.api.v1alpha1.AgentPoolStatus;
import dev.tagma.api.v1alpha1.MissionStatus;
import dev.tagma.api.v1alpha1.ModelProviderStatus;
import dev.tagma.app.view.Missions;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import dev.tagma.operator.Standing;
import dev.tagma.operator.Standing.Why;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every status that Tagma can write, as far as health goes, on objects that were edited since, are new, or are being deleted. */
final class Statuses {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final long GENERATION = 3;
    private static final Seen SEEN = new Seen(null, GENERATION);
    private static final String UNKNOWN_YET = "InProgress Progressing";

    private final List<Case> cases = new ArrayList<>();

    private Statuses() {}

    /**
     * An object and how it stands.
     *
     * @param name for people
     * @param object as JSON
     * @param expected of kstatus and of Argo CD
     */
    record Case(String name, String object, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() {
        Statuses all = new Statuses();
        for (Standing each : Standing.values()) {
            String expected = switch (each) {
                case Ready -> "Current Healthy";
                case Reconciling -> "InProgress Progressing";
                case Stalled -> "Failed Degraded";
            };
            var conditions = each.conditions(new Why("Word", "a sentence"), null, GENERATION, NOW);
            all.add(
                    "AgentPool",
                    each.name(),
                    new AgentPoolStatus(1, 1, 1, "a=b", 0, 0, null, 1, GENERATION, conditions),
                    expected);
            all.add("ModelProvider", each.name(), new ModelProviderStatus(GENERATION, conditions), expected);
        }
        for (Reason each : Reason.values()) {
            all.add("Mission", each.name(), status(each), expected(each));
        }
        for (Reason each : Reason.values()) {
            if (each.phase() == Phase.Failed || each.phase() == Phase.Cancelled) {
                all.add("Mission", each + " without a row", Projection.ended(each, "", SEEN, NOW), "Failed Degraded");
            }
        }
        return all.cases;
    }

    private static MissionStatus status(Reason reason) {
        return reason.phase() == Phase.Pending
                ? Projection.pending(reason, "", SEEN, NOW)
                : Projection.of(Missions.row("m", reason), SEEN);
    }

    private static String expected(Reason reason) {
        return switch (reason.phase()) {
            case Pending, Queued, Running -> "InProgress Progressing";
            case Waiting -> reason.awaitsPerson() ? "InProgress Suspended" : "InProgress Progressing";
            case Succeeded -> "Current Healthy";
            case Failed, Cancelled -> "Failed Degraded";
        };
    }

    /** As it stands, edited since, being deleted; and as it was created, before Tagma saw it. */
    private void add(String kind, String name, Object status, String expected) {
        cases.add(new Case(kind + " " + name, object(kind, GENERATION, false, status), expected));
        cases.add(new Case(kind + " " + name + ", edited", object(kind, GENERATION + 1, false, status), UNKNOWN_YET));
        cases.add(new Case(
                kind + " " + name + ", deleted", object(kind, GENERATION, true, status), "Terminating Progressing"));
        cases.add(new Case(kind + ", created", object(kind, 1, false, Map.of("observedGeneration", -1)), UNKNOWN_YET));
    }

    private static String object(String kind, long generation, boolean deleted, Object status) {
        Map<String, Object> metadata =
                new LinkedHashMap<>(Map.of("name", "x", "namespace", "y", "generation", generation));
        if (deleted) {
            metadata.put("deletionTimestamp", NOW.toString());
        }
        return JSON.asJson(
                Map.of("apiVersion", "tagma.dev/v1alpha1", "kind", kind, "metadata", metadata, "status", status));
    }
}

package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.Projection;
import dev.tagma.mission.Projection.Seen;
import dev.tagma.mission.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Missions as an informer shows them, and as a store is given them. */
final class Missions {
    static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    static final MissionSpec SPEC =
            new MissionSpec(null, "a", "go", null, null, null, 10, "5m", null, 0, null, null, null, null, null);

    private Missions() {}

    static Mission open(String name, UUID uid) {
        Mission mission = new Mission();
        mission.setMetadata(new ObjectMetaBuilder()
                .withNamespace("n")
                .withName(name)
                .withUid(uid.toString())
                .withCreationTimestamp(NOW.toString())
                .withGeneration(1L)
                .build());
        mission.setSpec(SPEC);
        return mission;
    }

    static Mission ended(String name, UUID uid) {
        Mission mission = open(name, uid);
        mission.setStatus(Projection.ended(Reason.CancelRequested, "", Seen.NOTHING, NOW));
        return mission;
    }

    /** One that says that it is the run of another UID. */
    static Mission restored(String name, UUID uid, String run) {
        Mission mission = open(name, uid);
        mission.getMetadata().setAnnotations(Map.of(RunIdentity.ANNOTATION, run));
        return mission;
    }

    /** The pool n/default, with one agent, and {@code more} fields of its spec, such as {@code queue: {maxPending: 1}}. */
    static AgentPool pool(UUID uid, String more) {
        return new KubernetesSerialization().unmarshal("""
                        apiVersion: tagma.dev/v1alpha1
                        kind: AgentPool
                        metadata: {namespace: n, name: default, uid: %s, generation: 1}
                        spec: {models: [{name: m, providerRef: {name: p}, model: x}], agents: [{name: a, instructions: help, models: [m]}]%s}
                        """.formatted(uid, more), AgentPool.class);
    }

    static NewMission admission(Mission mission, UUID pool) {
        return new NewMission(
                RunIdentity.own(mission), "n", mission.getMetadata().getName(), pool, SPEC);
    }
}

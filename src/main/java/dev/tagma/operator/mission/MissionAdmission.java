package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.catalog.MissionResolver;
import dev.tagma.catalog.MissionResolver.PoolName;
import dev.tagma.catalog.NotUnderstoodException;
import dev.tagma.mission.Admission.Verdict;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.mission.Reason;
import dev.tagma.operator.mission.AdmissionDesk.Answer;
import dev.tagma.operator.mission.AdmissionDesk.Applicant;
import dev.tagma.operator.mission.WaitingRoom.Need;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Gets a Mission into the queue of its pool, or says what it waits for. */
final class MissionAdmission {
    private static final int MAX_POOLS_REMEMBERED = 10_000;

    private final UnknownFields unknown;
    private final MissionResolver resolver;
    private final PoolRevisions revisions;
    private final AdmissionDesk desk;
    private final WaitingRoom waiting;
    private final Set<UUID> published = ConcurrentHashMap.newKeySet();

    MissionAdmission(
            UnknownFields unknown,
            MissionResolver resolver,
            PoolRevisions revisions,
            AdmissionDesk desk,
            WaitingRoom waiting) {
        this.unknown = unknown;
        this.resolver = resolver;
        this.revisions = revisions;
        this.desk = desk;
        this.waiting = waiting;
    }

    /** What becomes of a Mission without a row. */
    sealed interface Result {
        /** It has one now. */
        record Entered(MissionRecord row) implements Result {}

        /** Not yet; it is called when what it waits for changes. */
        record Waits(Reason reason, String message) implements Result {}

        /** Never. */
        record Ends(Reason reason, String message) implements Result {}
    }

    /** Throws StoreUnavailableException or CatalogUnavailableException where it cannot be told at the moment. */
    Result admit(Mission mission) {
        try {
            return decide(mission);
        } catch (NotUnderstoodException e) {
            return waits(mission, Reason.PoolNotReady, e.getMessage());
        } catch (CatalogUnavailableException e) {
            // It cannot enter, so nobody shall stand behind it.
            desk.leave(RunIdentity.own(mission));
            throw e;
        }
    }

    private Result decide(Mission mission) {
        ResourceID id = ResourceID.fromResource(mission);
        // Before anything is looked up, so that nothing appears unnoticed.
        waiting.enter(id, needs(mission));
        Optional<String> unread = unknown.field(mission);
        if (unread.isPresent()) {
            return waits(
                    mission,
                    Reason.UnknownField,
                    unread.get() + " is not known to this version of Tagma, and the mission would be another without"
                            + " it: run the version that knows it, or create the mission without it");
        }
        AgentPool pool = resolver.pool(mission).orElse(null);
        if (pool != null && pool.isMarkedForDeletion()) {
            return waits(mission, Reason.PoolNotFound, "AgentPool " + name(pool) + " is being deleted");
        }
        return switch (resolver.decide(mission, pool)) {
            case Verdict.Pending(var reason, var message) -> waits(mission, reason, message);
            case Verdict.Refused(var reason, var message) -> {
                forget(mission);
                yield new Result.Ends(reason, message);
            }
            case Verdict.Admitted(var admitted) ->
                isPublished(admitted.pool())
                        ? enter(mission, admitted, pool)
                        : waits(
                                mission,
                                Reason.PoolNotReady,
                                "AgentPool " + name(pool) + " has not published a revision yet: see its conditions");
        };
    }

    /** Whether the Mission is called when what it waits for changes. */
    boolean holds(ResourceID mission, UUID uid) {
        return waiting.holds(mission) || desk.holds(uid);
    }

    /** The Mission needs nothing of this any more. */
    void forget(Mission mission) {
        waiting.leave(ResourceID.fromResource(mission));
        desk.leave(RunIdentity.own(mission));
        unknown.forget(mission);
    }

    private Result waits(Mission mission, Reason reason, String message) {
        desk.leave(RunIdentity.own(mission));
        return new Result.Waits(reason, message);
    }

    private Result enter(Mission mission, NewMission admitted, AgentPool pool) {
        int most = maxPending(pool.getSpec());
        ResourceID id = ResourceID.fromResource(mission);
        Instant created = Instant.parse(mission.getMetadata().getCreationTimestamp());
        Answer answer = desk.enter(new Applicant(id, admitted, created), most);
        waiting.leave(id);
        return switch (answer) {
            case Answer.Admitted(var row) -> new Result.Entered(row);
            case Answer.Full() ->
                new Result.Waits(
                        Reason.QueueFull,
                        "the queue of AgentPool " + name(pool) + " holds its spec.queue.maxPending of " + most
                                + " missions");
            case Answer.Deleted() ->
                new Result.Ends(
                        Reason.RunLost, "a Mission of this UID was deleted, and is never run again: create another");
        };
    }

    private static int maxPending(AgentPoolSpec spec) {
        return spec.queue() == null || spec.queue().maxPending() == null
                ? AgentPoolSpec.DEFAULT_MAX_PENDING
                : spec.queue().maxPending();
    }

    private boolean isPublished(UUID pool) {
        if (published.contains(pool)) {
            return true;
        }
        boolean found = revisions.latest(pool).isPresent();
        if (found && published.size() < MAX_POOLS_REMEMBERED) {
            published.add(pool);
        }
        return found;
    }

    private static Set<Need> needs(Mission mission) {
        MissionSpec spec = mission.getSpec();
        String namespace = mission.getMetadata().getNamespace();
        PoolName pool = PoolName.of(mission);
        Set<Need> needs = new HashSet<>();
        needs.add(new Need.Pool(pool.namespace(), pool.name()));
        needs.add(new Need.Namespace(namespace));
        if (spec.inputsFrom() != null) {
            needs.add(new Need.ConfigMap(namespace, spec.inputsFrom().configMapKeyRef()));
        }
        return needs;
    }

    private static String name(AgentPool pool) {
        return pool.getMetadata().getNamespace() + "/" + pool.getMetadata().getName();
    }
}

package dev.tagma.mission;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.step.Failover;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The missions and their transitions. Each method is one atomic change, judged by the store's clock, and safe to repeat. Throws
 * {@link StoreUnavailableException} where the store does not answer.
 */
public interface MissionStore {
    /**
     * Stores missions that are not stored yet, as {@link NewMission#admittedAs} says, in one transaction; a known UID is left as it
     * is, ended or not. Answers one record per mission, in the given order; a UID that was forgotten and is gone is not stored again
     * and left out.
     */
    List<MissionRecord> admit(List<NewMission> missions);

    /** The mission, if it was ever admitted. */
    Optional<MissionRecord> find(UUID uid);

    /** Those of the missions that were ever admitted, in any order. */
    List<MissionRecord> findAll(Collection<UUID> uids);

    /** The mission's effective spec as admitted. */
    Optional<MissionSpec> spec(UUID uid);

    /**
     * Missions changed after {@code version} in the order of their changes, each as it is now; 0 reads all. About {@code limit} of
     * them: what one transaction changed has one version and is never split. A change is answered once no earlier one can still
     * appear, so no reader that goes on from the last version it saw misses any.
     */
    List<MissionRecord> changes(long version, int limit);

    /** Where a reader of the changes begins who wants only those from now on; never less than the version of any change it could have read. */
    long horizon();

    /** Missions of greater number than {@code id} that were not forgotten, in the order of their numbers, at most {@code limit}. */
    List<MissionRecord> after(long id, int limit);

    /**
     * The resources of these missions were deleted: none of the UIDs is admitted from now on, known or not, and those that have not
     * ended are Cancelled. What is stored of them goes by {@link #purge}. Answers those that it ended.
     */
    List<UUID> forget(Collection<UUID> uids, String message);

    /**
     * Removes some of what is stored of forgotten missions whose retention is over, and tombstones older than {@link #TOMBSTONES_KEPT}.
     * Answers how many rows; 0 where nothing was left to do.
     */
    int purge();

    /** How long a forgotten UID is remembered: longer than any cache is stale, and than a backup of etcd is old. */
    Duration TOMBSTONES_KEPT = Duration.ofDays(30);

    /**
     * Ends a mission that has not ended: Cancelled, and its owner is fenced from now on. Wins over suspend. False where it has ended
     * or is unknown.
     */
    boolean cancel(UUID uid, String message);

    /** Takes a mission that has not ended out of the queue or from its owner: Waiting/Suspended. False where there was nothing to do. */
    boolean suspend(UUID uid);

    /** Puts a mission that waits for a person (Suspended, OutcomeUnknown) back into the queue. False where it does not. */
    boolean resume(UUID uid);

    /**
     * The owner gives the mission back: its epoch rises, its slot is free, its clock is stopped or goes on as the release says. False
     * where the claim was no longer valid (a repeat of the same release included).
     */
    boolean release(Claim claim, Release release);

    /** Adds to the mission's failovers, of which the last 10 are kept. False where the claim is no longer valid. */
    boolean recordFailover(Claim claim, Failover failover);

    /** How an owner gives a mission back. */
    sealed interface Release {
        /** The runtime drains: Queued/HandedBack, at the front of its priority by its age. */
        record HandBack() implements Release {}

        /** Whole-mission retry: Queued/Retrying, one attempt more, bound again after {@code delay} at the earliest. */
        record Retry(Reason cause, String message, Duration delay) implements Release {}

        /**
         * Waiting, for {@code reason}. After {@code wakeAfter} it goes back to the queue; null waits for a person. The mission's one
         * clock goes on for ProviderUnavailable and stops otherwise.
         */
        record Park(Reason reason, String message, Duration wakeAfter) implements Release {
            public Park {
                if (reason.phase() != Phase.Waiting) {
                    throw new IllegalArgumentException("a mission is parked for a reason of Waiting, not " + reason);
                }
            }
        }
    }
}

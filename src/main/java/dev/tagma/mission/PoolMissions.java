package dev.tagma.mission;

import java.util.List;
import java.util.UUID;

/**
 * A pool's missions as a whole: what is asked before a pool is reported on or let go. Throws {@link StoreUnavailableException} where
 * the store does not answer.
 */
public interface PoolMissions {
    /** The pool's missions that have not ended. */
    Counts count(UUID pool);

    /**
     * Forgets at most {@code limit} missions of the pool that never started, as if they had never been admitted: whoever admits
     * judges them anew. A mission that somebody binds at this moment is left. Answers their UIDs.
     */
    List<UUID> withdraw(UUID pool, int limit);

    /** Ends at most {@code limit} missions of the pool that have not ended; their owners are fenced. Answers how many. */
    int end(UUID pool, Outcome outcome, int limit);

    /**
     * Missions that have not ended.
     *
     * @param fresh those of the queued and waiting ones that never started
     */
    record Counts(int queued, int running, int waiting, int fresh) {
        /** All of them. */
        public int all() {
            return queued + running + waiting;
        }

        /** Those that have started and have not ended. */
        public int started() {
            return all() - fresh;
        }
    }
}

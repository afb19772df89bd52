package dev.tagma.mission;

import java.util.List;

/** The append-only log of steps, one hash chain per mission. Thread-safe; every method blocks (callers are virtual threads). */
public interface StepLog {
    /** How many of the last steps a resume reads: the history window. */
    int WINDOW = 50;

    /**
     * Commits, and returns once the answer is durable. An append that was already stored, by this or another writer with the
     * same claim, answers Committed. Throws {@link StoreUnavailableException} where the store does not answer: the outcome is then
     * unknown, and the same append may be sent again.
     */
    CommitResult commit(Append append);

    /** What a new owner needs to go on, at the same cost after 10 steps and after 10,000. */
    Tail tail(long mission);

    /** Steps after {@code afterSeq} in order, at most {@code limit}. */
    List<Step> read(long mission, long afterSeq, int limit);

    /**
     * The end of a chain.
     *
     * @param steps the last {@link #WINDOW} steps in order, fewer where there are no more; all since the last reply where those are more,
     *     so that no call that was already observed seems open
     * @param plan the last step of kind Plan, or null; it may be older than the window
     * @param usage of the whole mission
     */
    record Tail(List<Step> steps, Step plan, Usage usage) {
        /** The tail of a mission without steps. */
        public static final Tail EMPTY = new Tail(List.of(), null, Usage.NONE);

        public Tail {
            steps = List.copyOf(steps);
        }
    }
}

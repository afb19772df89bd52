package dev.tagma.mission;

/** What became of an {@link Append}. */
public sealed interface CommitResult {
    /** Stored and durable, now or by an earlier attempt whose answer was lost; the chain ends at {@code head}. */
    record Committed(Head head) implements CommitResult {}

    /** Refused: the mission has another owner, or none (it ended, waits, or is queued). The writer stops at once. */
    record Fenced(long currentEpoch) implements CommitResult {}

    /** Refused: the store's chain is shorter than the writer's base; the writer sends the missing steps again. */
    record Behind(Head store) implements CommitResult {}

    /** Refused: the store's chain went another way under the same epoch. A bug or a corrupted store; the mission is handed back. */
    record Fork(Head store) implements CommitResult {}
}

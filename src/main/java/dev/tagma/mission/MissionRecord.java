package dev.tagma.mission;

import dev.tagma.mission.step.Failover;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A mission as the store has it.
 *
 * @param id the store's number, rising with age
 * @param pool UID of its pool; {@code revision} the pinned one, 0 before the first start
 * @param instance the runtime instance that owns it, 0 for none
 * @param head the chain's end as of the last transition (exact once ended); while it runs, the step log knows more
 * @param usage as of the same moment as head: what its steps say
 * @param charged for model calls without a stored reply: failed, abandoned or lost ones; all their tokens are input tokens
 * @param attempts whole-mission retries so far
 * @param crashes owners lost in a row without progress, but for those whose process came back
 * @param active the one clock: how long it ran or waited for a provider, as of now
 * @param outcome once ended, else null
 * @param failovers the last 10
 * @param startedAt first bound, or null; {@code finishedAt} ended, or null
 * @param pod the runtime that owns it, or owned it last; null before the first start
 * @param headAt when the step at head was committed; null before the first
 * @param poolNamespace and {@code poolName} of its pool; null where it never published a revision
 * @param version rises with each change, over all missions; what one transaction changed may share it
 */
public record MissionRecord(
        long id,
        UUID uid,
        String namespace,
        String name,
        UUID pool,
        int revision,
        int priority,
        Reason reason,
        String message,
        long epoch,
        long instance,
        Head head,
        Usage usage,
        Usage charged,
        int attempts,
        int crashes,
        Duration active,
        Outcome outcome,
        List<Failover> failovers,
        Instant admittedAt,
        Instant startedAt,
        Instant finishedAt,
        String pod,
        Instant headAt,
        String poolNamespace,
        String poolName,
        long version) {
    public MissionRecord {
        failovers = List.copyOf(failovers);
    }

    /** The phase its reason belongs to. */
    public Phase phase() {
        return reason.phase();
    }

    /** All that it has used: what counts against its budget. */
    public Usage spent() {
        return usage.plus(charged);
    }

    /** The current ownership. */
    public Claim claim() {
        return new Claim(id, uid, epoch);
    }
}

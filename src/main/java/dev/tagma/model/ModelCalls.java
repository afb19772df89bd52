package dev.tagma.model;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Usage;
import java.time.Duration;

/**
 * The book of model calls: each is reserved against the mission's budget before it is made and settled in the statement that stores
 * its reply, so that a paid reply is never asked for twice and a lost one is never free.
 */
public interface ModelCalls {
    /**
     * Reserves a call on top of step {@code baseSeq}. The reservation lapses after {@code validity}: it is then charged to the mission,
     * in full. A second reservation for the same mission and base while the first is valid answers InFlight.
     */
    Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity);

    /** Commits the reply's steps and settles the call in one statement. */
    CommitResult settle(Reserved call, Append append);

    /** The call failed before the provider did any work: nothing is charged. */
    void release(Reserved call);

    /** The call failed after the provider may have worked: charged with what is known of it. */
    void charge(Reserved call, Usage usage);

    /** Charged for lapsed reservations of the mission so far: counts against its budget beside the steps' usage. */
    Usage lapsed(long mission);

    /** What a call may use at most. */
    record Estimate(long tokens, long costNanos) {}

    /** A reserved call: the {@code n}-th on this base. */
    record Reserved(Claim claim, long baseSeq, int n) {}

    /** The answer to a reservation. */
    sealed interface Reservation {
        /** Go on; {@code call} is settled, charged or released afterwards. */
        record Granted(Reserved call) implements Reservation {}

        /** Another replica makes this very call now; ask again after {@code retryAfter}. */
        record InFlight(Duration retryAfter) implements Reservation {}

        /** The budget has no room. */
        record OverBudget(String detail) implements Reservation {}

        /** The claim is no longer valid. */
        record Lost() implements Reservation {}
    }
}

package dev.tagma.model;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Usage;
import java.time.Duration;
import java.util.Collection;

/**
 * The book of model calls: each is reserved against the mission's budget before it is made and settled in the statement that stores
 * its reply, so that a paid reply is never asked for twice and a lost one is never free.
 */
public interface ModelCalls {
    /**
     * Reserves a call on top of step {@code baseSeq}. The reservation lapses after {@code validity}: it is then charged to the mission,
     * in full. A second reservation for the same mission and base under the same epoch while the first is valid answers InFlight; one
     * of an older epoch can no longer be settled, so it delays nobody, but counts until it is charged, released or lapsed.
     */
    Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity);

    /**
     * The calls are being made still: those that have not lapsed stay valid for {@code validity} from now. So a call is valid for as long
     * as whoever makes it lives, and not much longer.
     */
    void renew(Collection<Reserved> calls, Duration validity);

    /**
     * Commits the reply's steps and settles the call in one statement, also where the reservation has lapsed meanwhile: a settled call
     * is never charged. A reply that is refused for good (Fenced, Fork) is charged with the usage of the append's steps.
     */
    CommitResult settle(Reserved call, Append append);

    /** The call failed before the provider did any work: nothing is charged, unless the reservation has lapsed. */
    void release(Reserved call);

    /** The call failed after the provider may have worked: charged with what is known of it. */
    void charge(Reserved call, Usage usage);

    /**
     * Charged to the mission for calls without a stored reply, lapsed reservations among them: counts against its budget beside the
     * steps' usage. Tokens are not told apart here: all are input tokens.
     */
    Usage lapsed(long mission);

    /**
     * What a call may use at most.
     *
     * @param tokens input and output together
     * @param costNanos in 10^-9 of the currency
     * @param budget of the whole mission, in which the call must find room beside what is used, charged and reserved
     */
    record Estimate(long tokens, long costNanos, Budget budget) {
        public Estimate {
            if (tokens < 0 || costNanos < 0) {
                throw new IllegalArgumentException(
                        "an estimate is never negative: " + tokens + " tokens, " + costNanos);
            }
        }

        /** An estimate for a mission without a budget. */
        public Estimate(long tokens, long costNanos) {
            this(tokens, costNanos, Budget.UNLIMITED);
        }
    }

    /** What a mission may use altogether; {@link Long#MAX_VALUE} where a side has no limit. */
    record Budget(long tokens, long costNanos) {
        /** No limit at all. */
        public static final Budget UNLIMITED = new Budget(Long.MAX_VALUE, Long.MAX_VALUE);

        public Budget {
            if (tokens < 0 || costNanos < 0) {
                throw new IllegalArgumentException("a budget is never negative: " + tokens + " tokens, " + costNanos);
            }
        }
    }

    /** A reserved call: the {@code n}-th on this base. */
    record Reserved(Claim claim, long baseSeq, int n) {}

    /** The answer to a reservation. */
    sealed interface Reservation {
        /** Go on; {@code call} is settled, charged or released afterwards. */
        record Granted(Reserved call) implements Reservation {}

        /**
         * This very call is reserved already: another replica makes it now, so ask again after {@code retryAfter}; or the caller itself
         * reserved it and never learned, then {@code call} is its own.
         */
        record InFlight(Reserved call, Duration retryAfter) implements Reservation {}

        /** The chain does not end at this base: its reply is committed already, or the store is shorter. The caller reads the tail. */
        record Moved() implements Reservation {}

        /** The budget has no room. */
        record OverBudget(String detail) implements Reservation {}

        /** The claim is no longer valid. */
        record Lost() implements Reservation {}
    }
}

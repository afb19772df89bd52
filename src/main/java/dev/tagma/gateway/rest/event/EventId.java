package dev.tagma.gateway.rest.event;

import dev.tagma.gateway.rest.http.Parameters;
import dev.tagma.gateway.rest.http.ProblemException;

/**
 * How much of a mission was told: both numbers are the database's, so that any replica goes on from them.
 *
 * @param version of the last change; 0 for none
 * @param seq of the last step; 0 for none
 */
record EventId(long version, long seq) {
    static final EventId NONE = new EventId(0, 0);

    /** The id as a listener hands it back. */
    static EventId of(String text) {
        int dash = text.indexOf('-');
        if (dash > 0) {
            return new EventId(number(text.substring(0, dash), text), number(text.substring(dash + 1), text));
        }
        throw wrong(text);
    }

    /** The id of a stream of changes alone. */
    static long version(String text) {
        return number(text, text);
    }

    private static long number(String digits, String text) {
        try {
            long number = Long.parseLong(digits);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(text);
    }

    private static ProblemException wrong(String text) {
        return ProblemException.parameter(
                "Last-Event-ID", "Last-Event-ID is the id of an event of this stream, not " + Parameters.shown(text));
    }

    EventId at(long nextVersion) {
        return new EventId(nextVersion, seq);
    }

    EventId behind(long nextSeq) {
        return new EventId(version, nextSeq);
    }

    @Override
    public String toString() {
        return version + "-" + seq;
    }
}

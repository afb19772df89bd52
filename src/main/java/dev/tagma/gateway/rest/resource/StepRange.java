package dev.tagma.gateway.rest.resource;

import dev.tagma.gateway.rest.http.Parameters;

/**
 * Which steps are asked for.
 *
 * @param after sequence of the step before the first one
 * @param limit from 1 to {@link #MAX_LIMIT}
 */
record StepRange(long after, int limit) {
    static final int MAX_LIMIT = 1000;

    static StepRange of(String after, String limit) {
        return new StepRange(Parameters.number("after", after, 0, Long.MAX_VALUE), (int)
                Parameters.number("limit", limit, 1, MAX_LIMIT));
    }
}

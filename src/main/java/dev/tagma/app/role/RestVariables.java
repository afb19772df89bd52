package dev.tagma.app.role;

import dev.tagma.gateway.rest.http.RestLimits;
import java.util.List;

/** How much REST one gateway replica takes. */
final class RestVariables {
    private static final RestLimits USUAL = RestLimits.DEFAULT;
    private static final int MANY = 1_000_000;
    /** Signs of life within the time after which a connection without any is closed: one may be lost. */
    private static final int SIGNS_OF_LIFE = 4;

    private static final Setting RATE = number("TAGMA_REST_RATE", USUAL.perSecond(), "requests a second of a caller");
    private static final Setting BURST = number("TAGMA_REST_BURST", USUAL.burst(), "requests of a caller at once");
    private static final Setting STREAMS = number("TAGMA_REST_STREAMS", USUAL.streams(), "streams of events");
    private static final Setting STREAMS_PER_CALLER =
            number("TAGMA_REST_STREAMS_PER_CALLER", USUAL.streamsPerCaller(), "streams of events of a caller");

    static final List<Setting> ALL = List.of(RATE, BURST, STREAMS, STREAMS_PER_CALLER);

    private RestVariables() {}

    private static Setting number(String name, int fallback, String says) {
        return Setting.optional(name, Integer.toString(fallback), "most " + says);
    }

    static RestLimits read(Environment environment) {
        return new RestLimits(
                environment.number(RATE, 1, MANY),
                environment.number(BURST, 1, MANY),
                USUAL.callers(),
                USUAL.bodyBytes(),
                environment.number(STREAMS, 1, MANY),
                environment.number(STREAMS_PER_CALLER, 1, MANY),
                HttpVariables.idle(environment).dividedBy(SIGNS_OF_LIFE),
                USUAL.recheck());
    }
}

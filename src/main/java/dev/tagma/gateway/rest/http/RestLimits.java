package dev.tagma.gateway.rest.http;

import java.time.Duration;

/**
 * How much one replica takes.
 *
 * @param perSecond requests of one caller, in the long run
 * @param burst requests of one caller at once
 * @param callers whose requests are counted; beyond, those that were quiet longest are forgotten
 * @param bodyBytes longest body of a request
 * @param streams of events at a time
 * @param streamsPerCaller of events at a time
 * @param heartbeat between two signs of life on a quiet stream
 * @param recheck how often the caller of a stream is asked for anew
 */
public record RestLimits(
        int perSecond,
        int burst,
        int callers,
        int bodyBytes,
        int streams,
        int streamsPerCaller,
        Duration heartbeat,
        Duration recheck) {
    /** What fits a replica of one core. */
    public static final RestLimits DEFAULT =
            new RestLimits(100, 400, 10_000, 512 << 10, 2_000, 1_000, Duration.ofSeconds(15), Duration.ofSeconds(30));
}

package dev.tagma.mission.link;

import java.util.UUID;

/**
 * Who a runtime is.
 *
 * @param pool UID of the pool it serves
 * @param pod a name for people: the pod's, or of the instance in process
 * @param podUid of the pod, which the gateway takes from its token; null in process
 * @param slots missions it runs at a time, 1 to 10,000
 * @param version of the binary
 * @param former the number that this very process had before its lease lapsed; 0 for none
 */
public record Hello(UUID pool, String pod, UUID podUid, int slots, String version, long former) {
    public Hello {
        if (slots < 1 || slots > 10_000) {
            throw new IllegalArgumentException("slots must be 1 to 10000, not " + slots);
        }
    }

    /** A runtime of whose pod nothing more is known. */
    public Hello(UUID pool, String pod, int slots, String version) {
        this(pool, pod, null, slots, version, 0);
    }

    /** The same process, which was this instance. */
    public Hello after(long instance) {
        return new Hello(pool, pod, podUid, slots, version, instance);
    }
}

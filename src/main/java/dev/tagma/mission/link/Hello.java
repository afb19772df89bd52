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
 */
public record Hello(UUID pool, String pod, UUID podUid, int slots, String version) {
    public Hello {
        if (slots < 1 || slots > 10_000) {
            throw new IllegalArgumentException("slots must be 1 to 10000, not " + slots);
        }
    }

    /** A runtime of whose pod nothing more is known. */
    public Hello(UUID pool, String pod, int slots, String version) {
        this(pool, pod, null, slots, version);
    }
}

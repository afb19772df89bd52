package dev.tagma.gateway.rest.event;

/**
 * What goes over a stream.
 *
 * @param type null for a sign of life
 * @param id that a listener comes back with
 * @param json one line
 */
record Sent(MissionEvent.Type type, String id, String json) {
    /** A sign of life. */
    static final Sent ALIVE = new Sent(null, null, null);
}

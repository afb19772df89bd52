package dev.tagma.store.memory;

import java.time.Instant;
import java.util.UUID;

/** A row of the instances. */
final class InstanceRow {
    final long id;
    final UUID pool;
    final String pod;
    final int slots;
    State state = State.Live;
    Instant leaseUntil;

    InstanceRow(long id, UUID pool, String pod, int slots) {
        this.id = id;
        this.pool = pool;
        this.pod = pod;
        this.slots = slots;
    }

    enum State {
        Live,
        Draining,
        Dead
    }

    /** Not Dead, and its lease has not lapsed. */
    boolean alive(Instant now) {
        return state != State.Dead && leaseUntil.isAfter(now);
    }
}

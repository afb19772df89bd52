package dev.tagma.store.memory;

import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** A row of the instances. */
final class InstanceRow {
    final long id;
    final UUID pool;
    final String pod;
    final UUID podUid;
    final int slots;
    State state = State.Live;
    boolean returned;
    Instant leaseUntil;
    private Instant renewed;
    Load load = Load.UNKNOWN;

    InstanceRow(long id, Hello hello) {
        this.id = id;
        this.pool = hello.pool();
        this.pod = hello.pod();
        this.podUid = hello.podUid();
        this.slots = hello.slots();
    }

    enum State {
        Live,
        Draining,
        Dead
    }

    void renew(Instant now, Duration lease) {
        renewed = now;
        leaseUntil = now.plus(lease);
    }

    /** Lapses within {@code left} where it was not renewed less than {@code age} ago. */
    void shorten(Instant now, Duration age, Duration left) {
        if (!renewed.isAfter(now.minus(age)) && now.plus(left).isBefore(leaseUntil)) {
            renew(now, left);
        }
    }

    /** Whether it serves the same pool in the same pod. */
    boolean of(Hello hello) {
        return pool.equals(hello.pool()) && Objects.equals(podUid, hello.podUid());
    }

    /** Not Dead, and its lease has not lapsed. */
    boolean alive(Instant now) {
        return state != State.Dead && leaseUntil.isAfter(now);
    }
}

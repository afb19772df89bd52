package dev.tagma.registry;

import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** The runtime instances, with leases on the store's clock. Each method is one atomic change. */
public interface InstanceRegistry {
    /**
     * Enters a new instance, Live for one lease. Answers its number. A pod runs one process at a time, and a process is one instance: an
     * older one of the same pod UID, and the former of {@code hello}, is Dead at once, and has lost what it held. What the former and
     * those of its pod after it lost counts as no crash, since their process lives (docs/adr/0014); a former of another pool or pod is
     * nothing.
     */
    long register(Hello hello, Duration lease);

    /**
     * The instance goes on at another replica: renews its lease. False where it is Dead, or not of the pool and the pod UID of {@code
     * hello}.
     */
    boolean resume(long instance, Hello hello, Duration lease);

    /**
     * Renews the leases of the instances that are not Dead and sets their state to Live or Draining, and their load; one statement for all. Answers
     * those renewed: what is missing is Dead, and stays so.
     */
    Set<Long> heartbeat(Collection<Beat> beats, Duration lease);

    /**
     * The line to an instance was broken off by its peer: its lease is {@code left} from now, where more is left of it. Does nothing where
     * the lease was renewed less than {@code age} ago, on another line; the age is asked right before it is compared.
     */
    void shorten(long instance, Supplier<Duration> age, Duration left);

    /**
     * The instance leaves in order: Dead at once. What it still held is handed back, without blame, and what it lost when its lease lapsed
     * before counts as no crash.
     */
    void deregister(long instance);

    /** The instances of a pool that are Live with a lease that has not lapsed, with how many missions each holds. */
    List<Instance> live(UUID pool);

    /** One instance's heartbeat, and what it says of its process. */
    record Beat(long instance, boolean draining, Load load) {}

    /** A live instance. {@code held} counts the missions bound to it, {@code load} is as of its last heartbeat. */
    record Instance(long id, UUID pool, String pod, int slots, int held, boolean draining, Load load) {
        /** Missions that may still be bound to it. */
        public int free() {
            return draining ? 0 : Math.max(0, slots - held);
        }
    }
}

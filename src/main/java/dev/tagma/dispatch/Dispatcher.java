package dev.tagma.dispatch;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.registry.InstanceRegistry;
import dev.tagma.registry.InstanceRegistry.Instance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Binds queued missions to runtime instances, as kube-scheduler binds pods to nodes. One round compares what waits with what is free
 * and closes the difference; it may run at any time and on any number of replicas: the lease of a pool only avoids double effort.
 */
public final class Dispatcher {
    /** How long a replica keeps a pool's dispatch lease without renewing it: another takes over within 3 s, its next round included. */
    public static final Duration LEASE = Duration.ofMillis(1_500);

    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

    private static final Comparator<Instance> MOST_FREE =
            Comparator.comparingInt(Instance::free).reversed().thenComparing(Instance::id);

    private final Bindings bindings;
    private final InstanceRegistry instances;
    private final String holder;
    private final BiConsumer<Long, List<Binding>> delivery;

    /**
     * A dispatcher of the replica {@code holder}; {@code delivery} gets the number of an instance and what was bound to it, and must not
     * block.
     */
    public Dispatcher(
            Bindings bindings, InstanceRegistry instances, String holder, BiConsumer<Long, List<Binding>> delivery) {
        this.bindings = bindings;
        this.instances = instances;
        this.holder = holder;
        this.delivery = delivery;
    }

    /**
     * Binds what can be bound now; answers how many missions. A pool that cannot be dispatched holds up no other. Throws {@link
     * StoreUnavailableException} where the store is away.
     */
    public int round() {
        int bound = 0;
        for (UUID pool : bindings.pending()) {
            try {
                if (bindings.lease(pool, holder, LEASE) > 0) {
                    bound += dispatch(pool);
                }
            } catch (StoreUnavailableException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "pool " + pool + " cannot be dispatched", e);
            }
        }
        return bound;
    }

    private int dispatch(UUID pool) {
        List<Instance> free = instances.live(pool).stream()
                .filter(instance -> instance.free() > 0)
                .sorted(MOST_FREE)
                .toList();
        int bound = 0;
        for (Instance instance : free) {
            List<Binding> given = bindings.bind(instance.id(), share(instance, free.size()));
            if (!given.isEmpty()) {
                delivery.accept(instance.id(), given);
                bound += given.size();
            }
        }
        return bound;
    }

    /** Half of what is free while others have room too, so that a short queue spreads; rounds go on until nothing waits. */
    private static int share(Instance instance, int candidates) {
        return candidates == 1 ? instance.free() : (instance.free() + 1) / 2;
    }
}

package dev.tagma.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.mission.Claim;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private final FakeQueues queues = new FakeQueues();
    private final List<Long> delivered = new ArrayList<>();
    private final Dispatcher dispatcher = new Dispatcher(
            queues, new FakeInstances(), "me", (instance, bound) -> bound.forEach(each -> delivered.add(instance)));
    private final Map<UUID, List<InstanceRegistry.Instance>> instances = new LinkedHashMap<>();

    @Test
    void aShortQueueSpreadsOverTheInstances() {
        queues.waiting.put(A, 10);
        live(A, 1, 10);
        live(A, 2, 10);
        assertThat(dispatcher.round()).isEqualTo(10);
        assertThat(delivered).filteredOn(instance -> instance == 1).hasSize(5);
        assertThat(delivered).filteredOn(instance -> instance == 2).hasSize(5);
    }

    @Test
    void aPoolThatAnotherReplicaDispatchesIsLeftToIt() {
        queues.waiting.put(A, 1);
        queues.leasedByAnother = A;
        live(A, 1, 10);
        assertThat(dispatcher.round()).isZero();
    }

    @Test
    void drainingAndFullInstancesGetNothing() {
        queues.waiting.put(A, 1);
        instances.put(
                A,
                List.of(
                        new InstanceRegistry.Instance(1, A, "draining", 5, 0, true, Load.UNKNOWN),
                        new InstanceRegistry.Instance(2, A, "full", 5, 5, false, Load.UNKNOWN)));
        assertThat(dispatcher.round()).isZero();
    }

    @Test
    void aPoolThatCannotBeDispatchedHoldsUpNoOther() {
        queues.waiting.put(A, 1);
        queues.waiting.put(B, 1);
        queues.broken = A;
        live(A, 1, 10);
        live(B, 2, 10);
        assertThat(dispatcher.round()).isEqualTo(1);
        assertThat(delivered).containsExactly(2L);
    }

    @Test
    void aStoreThatIsAwayEndsTheRound() {
        queues.waiting.put(A, 1);
        queues.away = true;
        live(A, 1, 10);
        assertThatThrownBy(dispatcher::round).isInstanceOf(StoreUnavailableException.class);
    }

    private void live(UUID pool, long id, int slots) {
        List<InstanceRegistry.Instance> more = new ArrayList<>(instances.getOrDefault(pool, List.of()));
        more.add(new InstanceRegistry.Instance(id, pool, "pod-" + id, slots, 0, false, Load.UNKNOWN));
        instances.put(pool, more);
    }

    /** Queues of which only the lengths matter. */
    private final class FakeQueues implements Bindings {
        private final Map<UUID, Integer> waiting = new LinkedHashMap<>();
        private UUID leasedByAnother;
        private UUID broken;
        private boolean away;

        @Override
        public Set<UUID> pending() {
            return waiting.keySet();
        }

        @Override
        public Optional<Binding> held(long instance, Claim claim) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Binding> bind(long instance, int limit) {
            UUID pool = instances.entrySet().stream()
                    .filter(entry -> entry.getValue().stream().anyMatch(each -> each.id() == instance))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            if (away) {
                throw new StoreUnavailableException("away", null);
            }
            if (pool.equals(broken)) {
                throw new IllegalStateException("a spec that cannot be read");
            }
            int count = Math.min(limit, waiting.get(pool));
            waiting.merge(pool, -count, Integer::sum);
            List<Binding> bound = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                bound.add(new Binding(
                        new Claim(i, new UUID(1, i), 1), "n", "m", pool, 1, null, 0, Duration.ofMinutes(1), 0));
            }
            return bound;
        }

        @Override
        public long lease(UUID pool, String holder, Duration duration) {
            return pool.equals(leasedByAnother) ? 0 : 1;
        }

        @Override
        public List<Claim> claims(long instance) {
            return List.of();
        }

        @Override
        public List<Binding> held(long instance) {
            return List.of();
        }

        @Override
        public Takeover takeOver() {
            return new Takeover(List.of(), 0, 0);
        }

        @Override
        public Sweep sweep() {
            return new Sweep(0, 0, 0, 0);
        }
    }

    /** The instances that a test names. */
    private final class FakeInstances implements InstanceRegistry {
        @Override
        public List<Instance> live(UUID pool) {
            return instances.getOrDefault(pool, List.of());
        }

        @Override
        public long register(Hello hello, Duration lease) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean resume(long instance, Hello hello, Duration lease) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<Long> heartbeat(Collection<Beat> beats, Duration lease) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shorten(long instance, Supplier<Duration> age, Duration left) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deregister(long instance) {
            throw new UnsupportedOperationException();
        }
    }
}

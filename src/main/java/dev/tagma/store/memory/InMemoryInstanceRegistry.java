package dev.tagma.store.memory;

import dev.tagma.mission.Reason;
import dev.tagma.mission.link.Hello;
import dev.tagma.registry.InstanceRegistry;
import dev.tagma.store.memory.InstanceRow.State;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

final class InMemoryInstanceRegistry implements InstanceRegistry {
    private final Tables tables;

    InMemoryInstanceRegistry(Tables tables) {
        this.tables = tables;
    }

    @Override
    public long register(Hello hello, Duration lease) {
        return tables.atomically(() -> {
            if (hello.former() != 0) {
                tables.instances.values().stream()
                        .filter(row -> row.of(hello))
                        .filter(row -> row.id == hello.former() || hello.podUid() != null && row.id > hello.former())
                        .forEach(row -> row.returned = true);
                tables.missions.values().forEach(MissionRow::forgive);
            }
            tables.instances.values().stream()
                    .filter(row -> row.of(hello) && (hello.podUid() != null || row.id == hello.former()))
                    .filter(row -> row.state != State.Dead)
                    .forEach(this::lose);
            InstanceRow row = new InstanceRow(tables.instances.size() + 1L, hello);
            row.renew(tables.now(), lease);
            tables.instances.put(row.id, row);
            return row.id;
        });
    }

    private void lose(InstanceRow row) {
        row.state = State.Dead;
        tables.held(row.id).forEach(mission -> mission.lose(row.pod));
    }

    @Override
    public boolean resume(long instance, Hello hello, Duration lease) {
        return tables.atomically(() -> {
            InstanceRow row = tables.instances.get(instance);
            if (row == null || row.state == State.Dead || !row.of(hello)) {
                return false;
            }
            row.renew(tables.now(), lease);
            return true;
        });
    }

    @Override
    public Set<Long> heartbeat(Collection<Beat> beats, Duration lease) {
        return tables.atomically(() -> {
            Set<Long> renewed = new HashSet<>();
            for (Beat beat : beats) {
                InstanceRow row = tables.instances.get(beat.instance());
                if (row != null && row.state != State.Dead) {
                    row.renew(tables.now(), lease);
                    row.state = beat.draining() ? State.Draining : State.Live;
                    row.load = beat.load();
                    renewed.add(row.id);
                }
            }
            return renewed;
        });
    }

    @Override
    public void shorten(long instance, Supplier<Duration> age, Duration left) {
        tables.atomically(() -> {
            InstanceRow row = tables.instances.get(instance);
            if (row != null && row.state != State.Dead) {
                row.shorten(tables.now(), age.get(), left);
            }
            return null;
        });
    }

    @Override
    public void deregister(long instance) {
        tables.atomically(() -> {
            InstanceRow row = tables.instances.get(instance);
            if (row != null) {
                row.state = State.Dead;
                row.returned = true;
                tables.missions.values().forEach(MissionRow::forgive);
                tables.held(instance).forEach(mission -> mission.leave(Reason.HandedBack, "", null));
            }
            return null;
        });
    }

    @Override
    public List<Instance> live(UUID pool) {
        return tables.atomically(() -> tables.instances.values().stream()
                .filter(row -> row.pool.equals(pool) && row.alive(tables.now()))
                .map(row -> new Instance(
                        row.id,
                        row.pool,
                        row.pod,
                        row.slots,
                        tables.held(row.id).size(),
                        row.state == State.Draining,
                        row.load))
                .toList());
    }
}

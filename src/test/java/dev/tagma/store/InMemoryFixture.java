package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.mission.StepLog;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;
import dev.tagma.store.memory.InMemoryStore;
import java.time.Duration;
import java.time.Instant;

final class InMemoryFixture implements StoreFixture {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InMemoryStore store = new InMemoryStore(() -> now);

    @Override
    public StepLog steps() {
        return store.steps();
    }

    @Override
    public ModelCalls calls() {
        return store.calls();
    }

    @Override
    public MissionStore missions() {
        return store.missions();
    }

    @Override
    public PoolRevisions pools() {
        return store.pools();
    }

    @Override
    public PoolMissions poolMissions() {
        return store.poolMissions();
    }

    @Override
    public InstanceRegistry instances() {
        return store.instances();
    }

    @Override
    public Bindings bindings() {
        return store.bindings();
    }

    @Override
    public void advance(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void close() {}
}

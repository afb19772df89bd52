package dev.tagma.store.memory;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.mission.StepLog;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;
import java.time.InstantSource;

/** Every port of the store over one set of tables under one lock: simple enough to be obviously right, gone with its process. */
public final class InMemoryStore {
    private final InMemoryStepLog steps;
    private final ModelCalls calls;
    private final MissionStore missions;
    private final PoolRevisions pools;
    private final PoolMissions poolMissions;
    private final InstanceRegistry instances;
    private final Bindings bindings;

    /** An empty store; {@code clock} is the store's clock, by which leases and deadlines are judged. */
    public InMemoryStore(InstantSource clock) {
        Tables tables = new Tables(clock);
        steps = new InMemoryStepLog(tables);
        calls = new InMemoryModelCalls(tables, steps);
        missions = new InMemoryMissionStore(tables);
        pools = new InMemoryPoolRevisions(tables);
        poolMissions = new InMemoryPoolMissions(tables);
        instances = new InMemoryInstanceRegistry(tables);
        bindings = new InMemoryBindings(tables);
    }

    public StepLog steps() {
        return steps;
    }

    public ModelCalls calls() {
        return calls;
    }

    public MissionStore missions() {
        return missions;
    }

    public PoolRevisions pools() {
        return pools;
    }

    public PoolMissions poolMissions() {
        return poolMissions;
    }

    public InstanceRegistry instances() {
        return instances;
    }

    public Bindings bindings() {
        return bindings;
    }
}

package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.mission.StepLog;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;
import java.time.Duration;

/** An empty store of some technology, whose time the test moves. */
interface StoreFixture extends AutoCloseable {
    StepLog steps();

    ModelCalls calls();

    MissionStore missions();

    PoolRevisions pools();

    PoolMissions poolMissions();

    InstanceRegistry instances();

    Bindings bindings();

    /** Lets time pass, during which the store is well and nobody uses it. */
    void advance(Duration time);

    @Override
    void close();
}

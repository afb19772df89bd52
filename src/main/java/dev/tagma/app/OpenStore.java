package dev.tagma.app;

import dev.tagma.mission.MissionStore;
import dev.tagma.mission.StepLog;

/** The missions of a store, for commands that run none. */
record OpenStore(MissionStore missions, StepLog steps, Runnable closing) implements AutoCloseable {
    /** Opens the store of a database. */
    interface Opener {
        /** Throws {@link dev.tagma.mission.StoreUnavailableException} where it does not answer. */
        OpenStore open(DatabaseAddress address);
    }

    @Override
    public void close() {
        closing.run();
    }
}

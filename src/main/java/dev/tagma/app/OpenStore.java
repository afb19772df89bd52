package dev.tagma.app;

import dev.tagma.mission.MissionStore;
import dev.tagma.mission.StepLog;
import dev.tagma.store.Database;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.JdbcMissionStore;
import dev.tagma.store.JdbcStepLog;
import java.time.Duration;

/** The missions of a store, for commands that run none. */
record OpenStore(MissionStore missions, StepLog steps, Runnable closing) implements AutoCloseable {
    private static final int CONNECTIONS = 2;
    /** How long a database may stay silent before a command gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Opens the store of a database. */
    interface Opener {
        /** Throws {@link dev.tagma.mission.StoreUnavailableException} where it does not answer. */
        OpenStore open(DatabaseAddress address, Duration patience);
    }

    /** The store of a Postgres, brought to this program's version. */
    static OpenStore onPostgres(DatabaseAddress address, Duration patience) {
        Database database = new Database(DatabaseSettings.of(address.url(), address.user(), address.password())
                .withPoolSize(CONNECTIONS)
                .withPatience(patience));
        try {
            database.migrate();
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return new OpenStore(
                new JdbcMissionStore(database),
                new JdbcStepLog(database, Thread::startVirtualThread, patience),
                database::close);
    }

    @Override
    public void close() {
        closing.run();
    }
}

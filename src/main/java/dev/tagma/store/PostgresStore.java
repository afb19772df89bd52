package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Hints;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.mission.StepLog;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Every port of the store on one Postgres; what changes missions says so through {@link #hints()}. */
public final class PostgresStore implements AutoCloseable {
    private final Database database;
    private final ExecutorService committers = Executors.newVirtualThreadPerTaskExecutor();
    private final JdbcStepLog steps;
    private final JdbcModelCalls calls;
    private final JdbcHints hints;

    private PostgresStore(Database database) {
        this.database = database;
        this.steps = new JdbcStepLog(database, committers, JdbcStepLog.PATIENCE);
        this.calls = new JdbcModelCalls(database, steps, committers, JdbcStepLog.PATIENCE);
        this.hints = new JdbcHints(database, committers);
    }

    /**
     * Connects and brings the schema to this binary's version. Throws {@link dev.tagma.mission.StoreUnavailableException} where the
     * server does not answer.
     */
    public static PostgresStore open(DatabaseSettings settings) {
        Database database = new Database(settings);
        try {
            database.migrate();
            return new PostgresStore(database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Whether the server did not answer when it was last asked; asks nothing itself. */
    public boolean away() {
        return database.away();
    }

    /** The step log. */
    public StepLog steps() {
        return new HintedStepLog(steps, hints);
    }

    /** The book of model calls. */
    public ModelCalls calls() {
        return calls;
    }

    /** The missions. */
    public MissionStore missions() {
        return new HintedMissionStore(new JdbcMissionStore(database), hints);
    }

    /** The pool revisions. */
    public PoolRevisions pools() {
        return new JdbcPoolRevisions(database);
    }

    /** The missions by pool. */
    public PoolMissions poolMissions() {
        return new HintedPoolMissions(new JdbcPoolMissions(database), hints);
    }

    /** Hints between the processes of this database. */
    public Hints hints() {
        return hints;
    }

    /** The runtime instances. */
    public InstanceRegistry instances() {
        return new JdbcInstanceRegistry(database);
    }

    /** Who owns which mission. */
    public Bindings bindings() {
        return new HintedBindings(new JdbcBindings(database), hints);
    }

    @Override
    public void close() {
        hints.close();
        committers.close();
        database.close();
    }
}

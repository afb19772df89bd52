package dev.tagma.store;

import dev.tagma.store.Connections.Work;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The way to Postgres: three pools, so that neither commits nor heartbeats ever queue behind readers, and the migrations.
 *
 * <p>Works behind PgBouncer in transaction mode: no statement relies on the session (no temporary tables, advisory session locks,
 * SET or LISTEN on a pooled connection; what is needed is {@code set local}). Server-prepared statements need PgBouncer 1.21 or newer
 * with max_prepared_statements > 0; with an older one add {@code ?prepareThreshold=0} to the URL. Migrations and LISTEN use {@link
 * DatabaseSettings#directUrl}.
 */
public final class Database implements AutoCloseable {
    /** Connections beside the pool: 3 for the committers, 2 for heartbeats. */
    public static final int OWN_CONNECTIONS = 5;

    // Hints for the planner only. The committers' statements take arrays, whose length must not bring a new plan each
    // time; and the plan that is kept may have been made while the tables were empty, when reading them whole seems
    // cheap, and for few rows, when comparing each with each does.
    private static final String PLANS =
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_nestloop = off";

    // Everybody else reads by key, too, whatever the planner believes of tables that were never analysed.
    private static final String BY_KEY = "set enable_seqscan = off";

    private final DatabaseSettings settings;
    private final Connections general;
    private final Connections committers;
    private final Connections heartbeats;

    public Database(DatabaseSettings settings) {
        this.settings = settings;
        this.general = new Connections(
                settings, settings.poolSize(), Duration.ofSeconds(30), BY_KEY, outage("reads", Level.DEBUG));
        this.committers = new Connections(settings, 3, Duration.ofSeconds(10), PLANS, outage("commits", Level.WARNING));
        this.heartbeats = new Connections(settings, 2, Duration.ofSeconds(5), null, outage("heartbeats", Level.DEBUG));
    }

    private static Outage outage(String what, Level level) {
        return new Outage(what, level, System::nanoTime);
    }

    /**
     * Brings the schema to this binary's version. Any number of processes may do so at once. Throws StoreUnavailableException without a
     * connection, and DatabaseRefusedException where the database cannot be used.
     */
    public void migrate() {
        Migration.run(direct(), settings.user());
    }

    /** Runs {@code work} in one transaction on one connection; again where a deadlock rolled it back, so it must be repeatable. */
    <T> T transact(Work<T> work) {
        return general.transact(work);
    }

    /** Runs {@code work} on one connection, each statement its own transaction: one round trip less where there is but one. */
    <T> T query(Work<T> work) {
        return general.query(work);
    }

    /** Whether readers wait for the server now, as far as the last of them knows. */
    boolean away() {
        return general.away();
    }

    /** The committers' connections. */
    Connections committers() {
        return committers;
    }

    /** The heartbeats' connections. */
    Connections heartbeats() {
        return heartbeats;
    }

    /** A source of unpooled connections that bypass any pooler. */
    PGSimpleDataSource direct() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.directUrl());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName(settings.applicationName());
        source.setConnectTimeout(5);
        return source;
    }

    @Override
    public void close() {
        general.close();
        committers.close();
        heartbeats.close();
    }
}

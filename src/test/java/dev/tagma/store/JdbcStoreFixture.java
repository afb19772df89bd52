package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Claim;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.PoolMissions;
import dev.tagma.mission.PoolRevisions;
import dev.tagma.model.ModelCalls;
import dev.tagma.registry.InstanceRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ports on a fresh database of a real Postgres, and SQL to trouble it with. */
final class JdbcStoreFixture implements StoreFixture {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Database database;
    private final JdbcStepLog steps;
    private final JdbcModelCalls calls;

    JdbcStoreFixture() {
        this(TestPostgres.shared().fresh(), JdbcStepLog.PATIENCE);
    }

    JdbcStoreFixture(DatabaseSettings settings, Duration patience) {
        database = new Database(settings);
        steps = new JdbcStepLog(database, threads, patience);
        calls = new JdbcModelCalls(database, steps, threads, patience);
        well();
    }

    Database database() {
        return database;
    }

    @Override
    public JdbcStepLog steps() {
        return steps;
    }

    @Override
    public ModelCalls calls() {
        return calls;
    }

    @Override
    public MissionStore missions() {
        return new JdbcMissionStore(database);
    }

    @Override
    public Bindings bindings() {
        return new JdbcBindings(database);
    }

    @Override
    public PoolMissions poolMissions() {
        return new JdbcPoolMissions(database);
    }

    @Override
    public InstanceRegistry instances() {
        return new JdbcInstanceRegistry(database);
    }

    @Override
    public PoolRevisions pools() {
        return new JdbcPoolRevisions(database);
    }

    @Override
    public void advance(Duration time) {
        shift(time, "model_call", "lapses_at");
        shift(time, "runtime_instance", "lease_until", "registered_at");
        shift(time, "dispatch_lease", "expires_at");
        shift(time, "mission_step", "committed_at");
        shift(time, "mission_tombstone", "deleted_at");
        shift(
                time,
                "mission",
                "running_since",
                "wake_at",
                "start_deadline_at",
                "admitted_at",
                "started_at",
                "finished_at");
        well();
    }

    /** Lets time pass in which the store answers nobody. */
    void away(Duration time) {
        advance(time);
        shift(time, "store_health", "touched_at");
    }

    /** Begins a transaction that its caller holds open. */
    Connection open() {
        try {
            Connection connection = database.direct().getConnection();
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts {@code late}, which must wait for the open transaction; commits that; answers what {@code late} then did. */
    <T> T after(Connection first, Callable<T> late) throws Exception {
        Future<T> result = threads.submit(late);
        awaitBlocked();
        assertThat(result.isDone()).isFalse();
        first.commit();
        return result.get();
    }

    /** Returns once somebody waits for a lock of another transaction of this database. */
    void awaitBlocked() {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> number("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'""") > 0);
    }

    /** Nobody missed a takeover. */
    void well() {
        execute("update store_health set touched_at = clock_timestamp()");
    }

    /** Moves the times of a table into the past. */
    private void shift(Duration time, String table, String... columns) {
        String changes = Stream.of(columns)
                .map(column -> column + " = " + column + " - " + time.toMillis() + " * interval '1 ms'")
                .collect(Collectors.joining(", "));
        execute("update " + table + " set " + changes);
    }

    Claim running() {
        UUID uid = UUID.randomUUID();
        long id = number("""
                insert into mission (uid, namespace, name, pool_uid, priority, turn, phase, reason, epoch, instance, timeout_ms, running_since)
                values (?, 'default', 'm', gen_random_uuid(), 0, 0, 'Running', 'Running', 1, 1, 60000, clock_timestamp())
                returning id""", uid);
        return new Claim(id, uid, 1);
    }

    Claim handOver(Claim claim) {
        long epoch = number("update mission set epoch = epoch + 1 where id = ? returning epoch", claim.mission());
        return new Claim(claim.mission(), claim.uid(), epoch);
    }

    /** The first number that the statement answers. */
    long number(String sql, Object... parameters) {
        return database.query(connection -> {
            try (PreparedStatement statement = bound(connection.prepareStatement(sql), parameters);
                    ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    /** Runs a statement that answers nothing; how many rows it changed. */
    int execute(String sql, Object... parameters) {
        return database.query(connection -> {
            try (PreparedStatement statement = bound(connection.prepareStatement(sql), parameters)) {
                return statement.executeUpdate();
            }
        });
    }

    private static PreparedStatement bound(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        database.close();
        threads.close();
    }
}

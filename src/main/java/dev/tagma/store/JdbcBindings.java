package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Claim;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Bindings on Postgres. A binding locks its instance's row, which a takeover of that instance and another binding to it wait for; so
 * nothing is bound to the dead, and slots are counted right.
 */
public final class JdbcBindings implements Bindings {
    private static final String DUE = "phase = 'Queued' and (wake_at is null or wake_at <= (select clock_timestamp()))";

    // A step since the binding, which found last_seq exact, ends the suspicion.
    private static final String ALONE =
            "isolated and not exists (select from mission_step s where s.mission = m.id and s.seq > m.last_seq)";

    // Jumps from pool to pool along the queue's index, whatever waits in each; ordered, because a mere EXISTS is tried
    // by a
    // scan of the table.
    private static final String PENDING = """
            with recursive pool as (
                (select pool_uid from mission where phase = 'Queued' order by pool_uid limit 1)
                union all
                select (select m.pool_uid from mission m where m.phase = 'Queued' and m.pool_uid > pool.pool_uid
                        order by m.pool_uid limit 1)
                from pool where pool.pool_uid is not null)
            select p.pool_uid from pool p
            cross join lateral (
                select from mission where pool_uid = p.pool_uid and {due} order by priority desc, turn, id limit 1) first""".replace("{due}", DUE);

    private static final String LOCK_INSTANCE = """
            select pool_uid, slots, pod, coalesce((select max(revision) from pool_revision r where r.pool_uid = i.pool_uid), 0) as revision
            from runtime_instance i
            where id = ? and state = 'Live' and lease_until > clock_timestamp()
            for no key update""";

    // A statement of its own: only a snapshot taken after the lock shows what the last holder of the lock bound.
    private static final String CROWD = """
            select count(*) as held, coalesce(bool_or({alone}), false) as taken,
                   exists (select from mission where pool_uid = ? and crashes >= {crashes} and {due}) as suspects
            from mission m where instance = ?""".replace("{alone}", ALONE)
            .replace("{due}", DUE)
            .replace("{crashes}", Integer.toString(CRASHES_IN_COMPANY));

    private static final String FIRST_IS_SUSPECT =
            """
            select crashes >= {crashes} from mission where pool_uid = ? and {due} order by priority desc, turn, id limit 1""".replace("{due}", DUE).replace("{crashes}", Integer.toString(CRASHES_IN_COMPANY));

    private static final String SET_ASIDE = """
            select min(i.id) from runtime_instance i
            where pool_uid = ? and state = 'Live' and lease_until > clock_timestamp()
              and not exists (select from mission m where instance = i.id and {alone})""".replace("{alone}", ALONE);

    // The rows of the queue are exact (see Parting): nothing is read of the chain here.
    private static final String BIND = """
            with picked as materialized (
                select id from mission
                where pool_uid = ? and {whom} and {due}
                order by priority desc, turn, id limit ?
                for no key update skip locked),
            bound as (
                update mission m set
                    phase = 'Running', reason = 'Running', message = '', epoch = {epoch}, instance = ?, pod = ?, isolated = ?,
                    revision = case revision when 0 then ? else revision end, wake_at = null, running_since = clock_timestamp(),
                    started_at = coalesce(started_at, clock_timestamp()), version = {version}
                from picked where m.id = picked.id
                returning m.*)
            select {columns} from bound m join mission_spec s using (id) order by m.priority desc, m.turn, m.id""".replace("{due}", DUE)
            .replace("{columns}", MissionRows.BINDING)
            .replace("{epoch}", MissionRows.NEXT_EPOCH)
            .replace("{version}", MissionRows.NEXT_VERSION);

    private static final String BIND_HEALTHY = BIND.replace("{whom}", "crashes < " + CRASHES_IN_COMPANY);
    private static final String BIND_SUSPECT = BIND.replace("{whom}", "crashes >= " + CRASHES_IN_COMPANY);

    private static final String HELD =
            "select " + MissionRows.BINDING + " from mission m join mission_spec s using (id) where m.instance = ?";

    private static final String HELD_UNDER = HELD + " and m.id = ? and m.epoch = ?";

    private static final String CLAIMS = "select id, uid, epoch from mission where instance = ?";

    // Nobody waits for the disk: correctness is the compare-and-set of each row, and a lease that a crash of the server
    // loses is taken anew.
    private static final String LEASE = """
            insert into dispatch_lease as l (pool_uid, holder, term, expires_at)
            select ?, ?, 1, clock_timestamp() + ? * interval '1 ms' from (select set_config('synchronous_commit', 'off', true)) hasty
            on conflict (pool_uid) do update set
                holder = excluded.holder, expires_at = excluded.expires_at,
                term = case when l.holder = excluded.holder then l.term else l.term + 1 end
            where l.holder = excluded.holder or l.expires_at <= clock_timestamp()
            returning term""";

    private final Database database;
    private final JdbcSweep sweep;

    public JdbcBindings(Database database) {
        this.database = database;
        this.sweep = new JdbcSweep(database);
    }

    @Override
    public Set<UUID> pending() {
        return Set.copyOf(
                database.query(connection -> Sql.list(connection, PENDING, row -> row.getObject(1, UUID.class))));
    }

    @Override
    public List<Binding> bind(long instance, int limit) {
        return database.transact(connection -> bind(connection, instance, limit));
    }

    /** Binds in the transaction of {@code connection}. */
    static List<Binding> bind(Connection connection, long instance, int limit) throws SQLException {
        Optional<Owner> owner = Sql.first(
                connection,
                LOCK_INSTANCE,
                row -> new Owner(
                        instance,
                        row.getString("pod"),
                        row.getObject("pool_uid", UUID.class),
                        row.getInt("slots"),
                        row.getInt("revision")),
                instance);
        return owner.isEmpty() || owner.get().revision == 0 ? List.of() : bind(connection, owner.get(), limit);
    }

    private record Owner(long id, String pod, UUID pool, int slots, int revision) {}

    private record Crowd(int held, boolean taken, boolean suspects) {}

    private static List<Binding> bind(Connection connection, Owner owner, int limit) throws SQLException {
        Crowd crowd = Sql.first(
                        connection,
                        CROWD,
                        row -> new Crowd(row.getInt("held"), row.getBoolean("taken"), row.getBoolean("suspects")),
                        owner.pool,
                        owner.id)
                .orElseThrow();
        int room = Math.min(limit, owner.slots - crowd.held);
        if (crowd.taken || room <= 0) {
            return List.of();
        }
        if (crowd.suspects && firstIsSuspect(connection, owner.pool)) {
            if (crowd.held == 0) {
                return bind(connection, owner, 1, BIND_SUSPECT);
            }
            if (setAside(connection, owner.pool) == owner.id) {
                return List.of();
            }
        }
        return bind(connection, owner, room, BIND_HEALTHY);
    }

    private static boolean firstIsSuspect(Connection connection, UUID pool) throws SQLException {
        return Sql.first(connection, FIRST_IS_SUSPECT, row -> row.getBoolean(1), pool)
                .orElse(false);
    }

    private static long setAside(Connection connection, UUID pool) throws SQLException {
        return Sql.first(connection, SET_ASIDE, row -> row.getLong(1), pool).orElse(0L);
    }

    private static List<Binding> bind(Connection connection, Owner owner, int limit, String whom) throws SQLException {
        boolean alone = whom.equals(BIND_SUSPECT);
        return Sql.list(
                connection, whom, MissionRows::binding, owner.pool, limit, owner.id, owner.pod, alone, owner.revision);
    }

    @Override
    public List<Claim> claims(long instance) {
        return database.query(connection -> Sql.list(
                connection,
                CLAIMS,
                row -> new Claim(row.getLong("id"), row.getObject("uid", UUID.class), row.getLong("epoch")),
                instance));
    }

    @Override
    public List<Binding> held(long instance) {
        return database.query(connection -> Sql.list(connection, HELD, MissionRows::binding, instance));
    }

    @Override
    public Optional<Binding> held(long instance, Claim claim) {
        return database.query(connection ->
                Sql.first(connection, HELD_UNDER, MissionRows::binding, instance, claim.mission(), claim.epoch()));
    }

    @Override
    public Takeover takeOver() {
        return database.transact(JdbcTakeover::run);
    }

    @Override
    public Sweep sweep() {
        return sweep.run();
    }

    @Override
    public long lease(UUID pool, String holder, Duration duration) {
        return database.query(
                connection -> Sql.first(connection, LEASE, row -> row.getLong(1), pool, holder, duration.toMillis())
                        .orElse(0L));
    }
}

package dev.tagma.store;

import dev.tagma.mission.Reason;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Load;
import dev.tagma.registry.InstanceRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** The runtime instances on Postgres. Heartbeats have connections of their own. */
public final class JdbcInstanceRegistry implements InstanceRegistry {
    private static final String REGISTER = """
            insert into runtime_instance (pool_uid, pod, pod_uid, slots, state, lease_until, lease_ms, version)
            values (?, ?, ?, ?, 'Live', clock_timestamp() + ? * interval '1 ms', ?, ?)
            returning id""";

    private static final String BURY_FORMER = """
            update runtime_instance set state = 'Dead'
            where id in (
                select id from runtime_instance
                where pool_uid = ? and pod_uid is not distinct from ?::uuid and (pod_uid is not null or id = ?) and state <> 'Dead'
                order by id for no key update)
            returning id""";

    private static final String RESUME = """
            update runtime_instance set lease_until = clock_timestamp() + ? * interval '1 ms', lease_ms = ?
            where id = ? and state <> 'Dead' and pool_uid = ? and pod_uid is not distinct from ?::uuid""";

    // Locked in the order of ids, as takeover does. Nobody waits for the disk: a heartbeat that a crash of the server
    // loses is followed by the next one.
    private static final String HEARTBEAT = """
            with beat as (
                select * from unnest(?::int8[], ?::bool[], ?::int[], ?::int8[], ?::int8[]) as b(id, draining, cpu, used, most)),
            kept as materialized (
                select id from runtime_instance where id in (select id from beat) and state <> 'Dead'
                order by id for no key update)
            update runtime_instance i set
                lease_until = clock_timestamp() + ? * interval '1 ms', lease_ms = ?,
                state = case when beat.draining then 'Draining' else 'Live' end,
                cpu_permille = beat.cpu, memory_used = beat.used, memory_limit = beat.most
            from kept join beat using (id) cross join (select set_config('synchronous_commit', 'off', true)) hasty
            where i.id = kept.id and i.state <> 'Dead'
            returning i.id""";

    // Whoever waited for the row sees a renewal that came in meanwhile, and compares it with the time at which the
    // statement began.
    private static final String SHORTEN = """
            update runtime_instance set lease_until = statement_timestamp() + ? * interval '1 ms', lease_ms = ?
            from (select set_config('synchronous_commit', 'off', true)) hasty
            where id = ? and state <> 'Dead' and lease_until > statement_timestamp() + ? * interval '1 ms'
                and lease_until - lease_ms * interval '1 ms' <= statement_timestamp() - ? * interval '1 ms'""";

    private static final String BURY = """
            update runtime_instance i set state = 'Dead', returned = true
            from (select id, state from runtime_instance where id = ? for no key update) before
            where i.id = before.id
            returning before.state = 'Dead' as lapsed""";

    private static final String LIVE = """
            select id, pod, slots, state = 'Draining' as draining, cpu_permille, memory_used, memory_limit, (select count(*) from mission where instance = i.id) as held
            from runtime_instance i
            where pool_uid = ? and state <> 'Dead' and lease_until > clock_timestamp()
            order by id""";

    private final Database database;

    public JdbcInstanceRegistry(Database database) {
        this.database = database;
    }

    @Override
    public long register(Hello hello, Duration lease) {
        long millis = lease.toMillis();
        return database.transact(connection -> {
            if (hello.former() != 0) {
                Parting.returned(connection, hello.pool(), hello.podUid(), hello.former());
            }
            if (hello.podUid() != null || hello.former() != 0) {
                buryFormer(connection, hello);
            }
            if (hello.former() != 0) {
                Parting.forgive(connection);
            }
            return register(connection, hello, millis);
        });
    }

    /** A mission that a commit in flight keeps locked is requeued by the sweep. */
    private static void buryFormer(Connection connection, Hello hello) throws SQLException {
        List<Long> dead =
                Sql.list(connection, BURY_FORMER, row -> row.getLong(1), hello.pool(), hello.podUid(), hello.former());
        if (!dead.isEmpty()) {
            Parting.lose(connection, Parting.lockFree(connection, dead));
        }
    }

    private static long register(Connection connection, Hello hello, long millis) throws SQLException {
        return Sql.first(
                        connection,
                        REGISTER,
                        row -> row.getLong(1),
                        hello.pool(),
                        Sql.printable(hello.pod()),
                        hello.podUid(),
                        hello.slots(),
                        millis,
                        millis,
                        Sql.printable(hello.version()))
                .orElseThrow();
    }

    @Override
    public boolean resume(long instance, Hello hello, Duration lease) {
        long millis = lease.toMillis();
        return database.query(connection ->
                Sql.update(connection, RESUME, millis, millis, instance, hello.pool(), hello.podUid()) > 0);
    }

    @Override
    public Set<Long> heartbeat(Collection<Beat> beats, Duration lease) {
        if (beats.isEmpty()) {
            return Set.of();
        }
        return database.heartbeats().query(connection -> heartbeat(connection, beats, lease));
    }

    /** Renews in the transaction of {@code connection}. */
    static Set<Long> heartbeat(Connection connection, Collection<Beat> beats, Duration lease) throws SQLException {
        Long[] ids = beats.stream().map(Beat::instance).toArray(Long[]::new);
        Boolean[] draining = beats.stream().map(Beat::draining).toArray(Boolean[]::new);
        long millis = lease.toMillis();
        Integer[] cpu = beats.stream().map(beat -> beat.load().cpuPermille()).toArray(Integer[]::new);
        Long[] used = beats.stream().map(beat -> beat.load().memoryUsed()).toArray(Long[]::new);
        Long[] most = beats.stream().map(beat -> beat.load().memoryLimit()).toArray(Long[]::new);
        return Set.copyOf(
                Sql.list(connection, HEARTBEAT, row -> row.getLong(1), ids, draining, cpu, used, most, millis, millis));
    }

    @Override
    public void shorten(long instance, Supplier<Duration> age, Duration left) {
        long millis = left.toMillis();
        database.query(connection -> Sql.update(
                connection, SHORTEN, millis, millis, instance, millis, age.get().toMillis()));
    }

    @Override
    public void deregister(long instance) {
        database.transact(connection -> {
            boolean lapsed = Sql.first(connection, BURY, row -> row.getBoolean(1), instance)
                    .orElse(false);
            if (lapsed) {
                Parting.forgive(connection);
            }
            return Parting.leave(connection, Parting.lockHeld(connection, instance), Parting.Way.to(Reason.HandedBack));
        });
    }

    @Override
    public List<Instance> live(UUID pool) {
        return database.query(connection -> Sql.list(
                connection,
                LIVE,
                row -> new Instance(
                        row.getLong("id"),
                        pool,
                        row.getString("pod"),
                        row.getInt("slots"),
                        row.getInt("held"),
                        row.getBoolean("draining"),
                        new Load(row.getInt("cpu_permille"), row.getLong("memory_used"), row.getLong("memory_limit"))),
                pool));
    }
}

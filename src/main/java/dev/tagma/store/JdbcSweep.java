package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.dispatch.Bindings.Sweep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.store.Parting.Way;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** One sweep: several transactions, each over at most {@link #BATCH} missions that an index finds; what is left is for the next sweep. */
final class JdbcSweep {
    /** Most missions that one sweep changes for the same cause. */
    static final int BATCH = 1000;

    /** Most missions whose content one sweep drops: each may have thousands of steps. */
    static final int CONTENT_BATCH = 100;

    private static final Duration DEAD_INSTANCES_KEPT = Duration.ofDays(1);

    private static final String NOW = "(select clock_timestamp())";
    private static final String NOW_UTC = "(select clock_timestamp() at time zone 'UTC')";

    // Jumps from owner to owner along the index, however much each of them holds.
    private static final String ORPHANING = """
            with recursive owner as (
                (select instance from mission where instance is not null order by instance limit 1)
                union all
                select (select m.instance from mission m where m.instance > owner.instance order by m.instance limit 1)
                from owner where owner.instance is not null)
            select o.instance from owner o
            where o.instance is not null
              and not exists (select from runtime_instance i where i.id = o.instance and i.state <> 'Dead')""";

    private static final String OUT_OF_TIME = """
            select id, timeout_ms as limit_ms from mission
            where running_since is not null
              and (running_since at time zone 'UTC') + (timeout_ms - active_ms) * interval '1 ms' <= {now}
              and (phase <> 'Running'
                   or (running_since at time zone 'UTC') + (timeout_ms - active_ms) * interval '1 ms' <= {now} - ? * interval '1 ms')
            limit ? for no key update skip locked""".replace("{now}", NOW_UTC);

    private static final String OUT_OF_TIME_UNOWNED = """
            select id, timeout_ms as limit_ms from mission
            where active_ms >= timeout_ms and running_since is null and phase in ('Queued', 'Waiting')
            limit ? for no key update skip locked""";

    private static final String NOT_STARTED = """
            select id, (extract(epoch from start_deadline_at - admitted_at) * 1000)::int8 as limit_ms from mission
            where start_deadline_at <= {now} and last_seq = 0 and phase in ('Queued', 'Waiting')
            limit ? for no key update skip locked""".replace("{now}", NOW);

    private static final String WAKING = """
            select id from mission where phase = 'Waiting' and wake_at <= {now} limit ? for no key update skip locked""".replace("{now}", NOW);

    private static final String DROP_CONTENT = """
            with expired as (
                update mission set content_dropped = true
                where id in (
                    select id from mission
                    where finished_at is not null and retention_ms is not null and not content_dropped
                      and (finished_at at time zone 'UTC') + retention_ms * interval '1 ms' <= {now}
                    limit ? for no key update skip locked)
                returning id)
            , dropped as (
                update mission_step set content = null where mission in (select id from expired) and content is not null)
            select id from expired""".replace("{now}", NOW_UTC);

    private static final String FORGET_INSTANCES = """
            delete from runtime_instance i
            where state = 'Dead' and lease_until < {now} - ? * interval '1 ms'
              and not exists (select from mission where instance = i.id)""".replace("{now}", NOW);

    private final Database database;

    JdbcSweep(Database database) {
        this.database = database;
    }

    Sweep run() {
        int requeued = database.transact(JdbcSweep::requeueOrphans);
        database.transact(Parting::forgive);
        int expired = expire(Reason.DeadlineExceeded, OUT_OF_TIME, Bindings.DEADLINE_GRACE.toMillis(), BATCH)
                + expire(Reason.DeadlineExceeded, OUT_OF_TIME_UNOWNED, BATCH)
                + expire(Reason.StartDeadlineExceeded, NOT_STARTED, BATCH);
        int woken = database.transact(JdbcSweep::wake);
        int dropped =
                database.query(connection -> Sql.list(connection, DROP_CONTENT, row -> row.getLong(1), CONTENT_BATCH)
                        .size());
        database.query(connection -> Sql.update(connection, FORGET_INSTANCES, DEAD_INSTANCES_KEPT.toMillis()));
        return new Sweep(requeued, woken, expired, dropped);
    }

    private static int requeueOrphans(Connection connection) throws SQLException {
        List<Long> gone = Sql.list(connection, ORPHANING, row -> row.getLong(1));
        return gone.isEmpty()
                ? 0
                : Parting.lose(connection, Parting.lockFree(connection, gone)).requeued();
    }

    private record Late(long id, Duration limit) {
        static Late read(ResultSet row) throws SQLException {
            return new Late(row.getLong("id"), Duration.ofMillis(row.getLong("limit_ms")));
        }
    }

    private int expire(Reason reason, String late, Object... parameters) {
        Function<Duration, Outcome> outcome =
                reason == Reason.DeadlineExceeded ? Outcome::deadlineExceeded : Outcome::startDeadlineExceeded;
        return database.transact(connection -> {
            List<Late> found = Sql.list(connection, late, Late::read, parameters);
            Long[] ids = found.stream().map(Late::id).toArray(Long[]::new);
            String[] messages = found.stream()
                    .map(each -> outcome.apply(each.limit()).message())
                    .toArray(String[]::new);
            return Parting.end(connection, reason, ids, messages);
        });
    }

    private static int wake(Connection connection) throws SQLException {
        List<Long> due = Sql.list(connection, WAKING, row -> row.getLong(1), BATCH);
        return Parting.leave(connection, Parting.ids(due), Way.to(Reason.Queued));
    }
}

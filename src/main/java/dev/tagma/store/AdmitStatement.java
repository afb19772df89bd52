package dev.tagma.store;

import dev.tagma.mission.NewMission;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The statement that admits missions. Namespaces of one pool and priority take turns: a new mission's turn is the one after its
 * namespace's last, or the present turn of the queue where that is later. So a namespace is neither served before its neighbours
 * because it was idle, nor after them because it was busy.
 */
final class AdmitStatement {
    private static final String ADMIT = """
            with wish as materialized (
                select w.*, clock_timestamp() as moment, row_number() over (partition by pool_uid, priority, namespace order by n) - 1 as place
                from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::int4[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::int8[],
                            ?::bytea[])
                    with ordinality as w(uid, namespace, name, pool_uid, priority, phase, reason, timeout_ms, start_ms, retention_ms,
                                         spec, n)
                where not exists (select from mission m where m.uid = w.uid)
                  and not exists (select from mission_tombstone t where t.uid = w.uid)),
            present as materialized (
                select pool_uid, priority, coalesce(
                    (select m.turn from mission m
                     where m.pool_uid = q.pool_uid and m.priority = q.priority and m.phase = 'Queued' order by m.turn limit 1),
                    (select max(t.turn) from queue_turn t where t.pool_uid = q.pool_uid and t.priority = q.priority), 1) as turn
                from (select distinct pool_uid, priority from wish) q),
            taken as (
                insert into queue_turn as t (pool_uid, priority, namespace, turn, taken)
                select pool_uid, priority, namespace, min(p.turn) + count(*) - 1, count(*)
                from wish join present p using (pool_uid, priority)
                group by pool_uid, priority, namespace order by pool_uid, priority, namespace
                on conflict (pool_uid, priority, namespace) do update set
                    turn = greatest(t.turn + excluded.taken, excluded.turn), taken = excluded.taken
                returning pool_uid, priority, namespace, turn - taken + 1 as first),
            admitted as (
                insert into mission (uid, namespace, name, pool_uid, priority, turn, phase, reason, epoch, timeout_ms, start_deadline_at,
                                     retention_ms, admitted_at, finished_at, version)
                select uid, namespace, name, pool_uid, priority, first + place, phase, reason, (select next_epoch(0)), timeout_ms,
                       moment + start_ms * interval '1 ms', retention_ms, moment,
                       case when phase = 'Cancelled' then moment end, (select next_version())
                from wish join taken using (pool_uid, priority, namespace) order by n
                on conflict (uid) do nothing
                returning id, uid)
            insert into mission_spec (id, spec) select id, spec from admitted join wish using (uid)""";

    private AdmitStatement() {}

    /** Stores those that are not stored; each UID may occur once. */
    static void execute(Connection connection, Collection<NewMission> missions) throws SQLException {
        List<NewMission> rows = List.copyOf(missions);
        Sql.update(
                connection,
                ADMIT,
                column(rows, NewMission::uid, UUID[]::new),
                column(rows, NewMission::namespace, String[]::new),
                column(rows, NewMission::name, String[]::new),
                column(rows, NewMission::pool, UUID[]::new),
                column(rows, NewMission::priority, Integer[]::new),
                column(rows, row -> row.admittedAs().phase().name(), String[]::new),
                column(rows, row -> row.admittedAs().name(), String[]::new),
                column(rows, row -> millis(row.timeout()), Long[]::new),
                column(rows, row -> millis(row.startDeadline()), Long[]::new),
                column(rows, row -> millis(row.retention()), Long[]::new),
                column(rows, row -> SpecJson.encode(row.spec()), byte[][]::new));
    }

    private static <T> T[] column(List<NewMission> rows, Function<NewMission, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static Long millis(Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}

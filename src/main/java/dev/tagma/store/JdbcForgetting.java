package dev.tagma.store;

import dev.tagma.mission.MissionStore;
import dev.tagma.mission.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** How missions are forgotten whose resource was deleted: a tombstone and an end at once, the rows when their retention is over. */
final class JdbcForgetting {
    // Admission and forgetting exclude each other, so that whichever comes second sees what the first has done. Held to
    // the end of the
    // transaction, by admissions together.
    private static final String ADMITTING = "select pg_advisory_xact_lock_shared(7462210, 1)";
    private static final String FORGETTING = "select pg_advisory_xact_lock(7462210, 1)";

    private static final String BURY =
            "insert into mission_tombstone (uid) select distinct unnest(?::uuid[]) on conflict (uid) do nothing";
    private static final String MARK = """
            update mission set forgotten = true where id in (
                select id from mission where uid = any(?) and not forgotten order by id for no key update)
            """;
    private static final String OPEN =
            "select id, uid from mission where uid = any(?) and finished_at is null order by id for no key update";

    private static final String DUE = """
            select id from mission
            where forgotten and finished_at is not null and retention_ms is not null
              and (finished_at at time zone 'UTC') + retention_ms * interval '1 ms' <= clock_timestamp() at time zone 'UTC'
            limit ? for update skip locked""";
    private static final String REMOVE_STEPS = """
            delete from mission_step s
            using (select mission, seq from mission_step where mission = any(?) limit ?) chosen
            where s.mission = chosen.mission and s.seq = chosen.seq and s.mission = any(?)""";
    private static final List<String> REMOVE_ROWS = List.of(
            "delete from model_call where mission = any(?)",
            "delete from mission_spec where id = any(?)",
            "delete from mission where id = any(?)");
    private static final String REMOVE_TOMBSTONES = """
            delete from mission_tombstone where uid in (
                select uid from mission_tombstone where deleted_at < clock_timestamp() - ? * interval '1 ms' limit ?)""";

    private static final int MISSIONS = 100;
    private static final int STEPS_PER_MISSION = 50;

    private JdbcForgetting() {}

    private record Open(long id, UUID uid) {}

    /** To be called first by a transaction that admits. */
    static void keepOut(Connection connection) throws SQLException {
        Sql.list(connection, ADMITTING, row -> null);
    }

    static List<UUID> forget(Connection connection, Collection<UUID> uids, String message) throws SQLException {
        Object deleted = uids.toArray(UUID[]::new);
        Sql.list(connection, FORGETTING, row -> null);
        Sql.update(connection, BURY, deleted);
        Sql.update(connection, MARK, deleted);
        List<Open> open = Sql.list(
                connection, OPEN, row -> new Open(row.getLong("id"), row.getObject("uid", UUID.class)), deleted);
        String[] messages = open.stream().map(each -> Sql.printable(message)).toArray(String[]::new);
        Parting.end(
                connection,
                Reason.CancelRequested,
                Parting.ids(open.stream().map(Open::id).toList()),
                messages);
        return open.stream().map(Open::uid).toList();
    }

    /** Steps first, as many as one transaction should remove; the missions once they have none. */
    static int purge(Connection connection) throws SQLException {
        Object due = Parting.ids(Sql.list(connection, DUE, row -> row.getLong(1), MISSIONS));
        int most = MISSIONS * STEPS_PER_MISSION;
        int removed = Sql.update(connection, REMOVE_STEPS, due, most, due);
        if (removed < most) {
            for (String statement : REMOVE_ROWS) {
                removed += Sql.update(connection, statement, due);
            }
        }
        Sql.update(connection, REMOVE_TOMBSTONES, MissionStore.TOMBSTONES_KEPT.toMillis(), most);
        return removed;
    }
}

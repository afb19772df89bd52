package dev.tagma.store;

import dev.tagma.mission.Outcome;
import dev.tagma.mission.PoolMissions;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A pool's missions as a whole, on Postgres. */
final class JdbcPoolMissions implements PoolMissions {
    private static final String COUNT = """
            select count(*) filter (where phase = 'Queued') as queued,
                   count(*) filter (where phase = 'Running') as running,
                   count(*) filter (where phase = 'Waiting') as waiting,
                   count(*) filter (where started_at is null) as fresh
            from mission where pool_uid = ? and finished_at is null""";

    /** The condition stands twice: a row that was bound while this waited is looked at again by its lock alone. */
    private static final String WITHDRAW = """
            with gone as (
                delete from mission where id in (
                    select id from mission
                    where pool_uid = ? and finished_at is null and started_at is null
                    order by id limit ? for update skip locked)
                and started_at is null
                returning id, uid),
            specs as (delete from mission_spec where id in (select id from gone))
            select uid from gone""";

    private static final String LOCK = """
            select id from mission where pool_uid = ? and finished_at is null
            order by id limit ? for no key update""";

    private final Database database;

    JdbcPoolMissions(Database database) {
        this.database = database;
    }

    @Override
    public Counts count(UUID pool) {
        return database.query(connection -> Sql.first(
                        connection,
                        COUNT,
                        row -> new Counts(
                                row.getInt("queued"),
                                row.getInt("running"),
                                row.getInt("waiting"),
                                row.getInt("fresh")),
                        pool)
                .orElseThrow());
    }

    @Override
    public List<UUID> withdraw(UUID pool, int limit) {
        return database.query(
                connection -> Sql.list(connection, WITHDRAW, row -> row.getObject("uid", UUID.class), pool, limit));
    }

    @Override
    public int end(UUID pool, Outcome outcome, int limit) {
        String message = Sql.printable(outcome.message());
        return database.transact(connection -> {
            Long[] locked = Parting.ids(Sql.list(connection, LOCK, row -> row.getLong(1), pool, limit));
            String[] messages = new String[locked.length];
            Arrays.fill(messages, message);
            return Parting.end(connection, outcome.reason(), locked, messages);
        });
    }
}

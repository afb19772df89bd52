package dev.tagma.store;

import dev.tagma.dispatch.Bindings.Takeover;
import dev.tagma.store.Parting.Lost;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * One look for lapsed leases. The row of store_health tells when the last look was: a gap of more than half a lease, a clock that went
 * back, or another timeline means that heartbeats could not be written either, or were judged by another clock. Then nobody is taken
 * over, and every lease begins anew.
 *
 * <p>It waits for nobody's row, so that a process that came to a halt in the middle of a transaction stops no takeover: a lapsed instance
 * whose heartbeat or binding is in flight is judged by the next look, a mission whose commit is in flight is left to the sweep.
 */
final class JdbcTakeover {
    // Whoever finds the row locked has a colleague who looks right now.
    private static final String LAST_LOOK = """
            select (extract(epoch from clock_timestamp() - touched_at) * 1000)::int8 as gap_ms, timeline <> database_timeline() as promoted
            from store_health for no key update skip locked""";

    private static final String TOUCH =
            "update store_health set touched_at = clock_timestamp(), timeline = database_timeline()";

    private static final String GRANT_ANEW = """
            update runtime_instance set lease_until = clock_timestamp() + lease_ms * interval '1 ms'
            where id in (select id from runtime_instance where state <> 'Dead' and (? or lease_ms < 2 * ?) order by id for no key update)""";

    private static final String BURY_LAPSED = """
            update runtime_instance set state = 'Dead'
            where id in (
                select id from runtime_instance where state <> 'Dead' and lease_until <= clock_timestamp() order by id
                for no key update skip locked)
            returning id""";

    private JdbcTakeover() {}

    private record Look(long gapMillis, boolean promoted) {
        /** Whether leases were judged by another clock since. */
        boolean otherClock() {
            return promoted || gapMillis < 0;
        }
    }

    static Takeover run(Connection connection) throws SQLException {
        var look = Sql.first(connection, LAST_LOOK, row -> new Look(row.getLong("gap_ms"), row.getBoolean("promoted")));
        if (look.isEmpty()) {
            return new Takeover(List.of(), 0, 0);
        }
        Sql.update(connection, TOUCH);
        Sql.update(connection, GRANT_ANEW, look.get().otherClock(), look.get().gapMillis());
        List<Long> dead = Sql.list(connection, BURY_LAPSED, row -> row.getLong(1)).stream()
                .sorted()
                .toList();
        Lost lost = dead.isEmpty() ? Lost.NONE : lose(connection, dead);
        return new Takeover(dead, lost.requeued(), lost.crashLooped());
    }

    private static Lost lose(Connection connection, List<Long> dead) throws SQLException {
        return Parting.lose(connection, Parting.lockFree(connection, dead));
    }
}

package dev.tagma.store;

import dev.tagma.dispatch.Bindings;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * How missions part from their owner, from the queue or from waiting. Always two statements of one transaction: the first locks the rows,
 * which waits for a commit in flight; the second, whose snapshot is newer, sees that commit's steps and writes the chain's end into the
 * row. So the row of a mission that nobody owns is exact.
 */
final class Parting {
    private static final String LOCK_HELD =
            "select id from mission where instance = any(?) order by id for no key update";
    private static final String LOCK_FREE = LOCK_HELD + " skip locked";

    /** The chains' ends of the missions in the array, beside their rows. */
    private static final String CHAIN_END = """
            (select h.id, coalesce(s.seq, 0) seq, s.digest, coalesce(s.seq, 0) > h.last_seq as progress, h.isolated and h.crashes + 1 >= {crashes} as hopeless,
                    h.instance as loser, coalesce(i.returned, false) as returned, coalesce(i.pod, 'of unknown name') pod,
                    coalesce(s.usage_iterations, 0) u1, coalesce(s.usage_model_calls, 0) u2, coalesce(s.usage_tool_calls, 0) u3,
                    coalesce(s.usage_input, 0) u4, coalesce(s.usage_output, 0) u5, coalesce(s.usage_cost_nanos, 0) u6
             from mission h
             left join runtime_instance i on i.id = h.instance
             left join lateral (select * from mission_step where mission = h.id order by seq desc limit 1) s on true
             where h.id = any(?))""".replace("{crashes}", Integer.toString(Bindings.CRASHES));

    private static final String PART = """
            epoch = next_epoch(m.epoch), instance = null, isolated = false, version = next_version(),
            active_ms = m.active_ms + greatest(0, coalesce((extract(epoch from clock_timestamp() - m.running_since) * 1000)::int8, 0)),
            last_seq = e.seq, head_digest = e.digest, usage_iterations = u1, usage_model_calls = u2, usage_tool_calls = u3,
            usage_input = u4, usage_output = u5, usage_cost_nanos = u6""";

    private static final String LEAVE = """
            update mission m set
                phase = ?, reason = ?, message = ?, attempts = m.attempts + ?, wake_at = clock_timestamp() + ?::int8 * interval '1 ms',
                crashes = case when e.progress then 0 else m.crashes end, lost_by = case when e.progress then '{}' else m.lost_by end,
                running_since = case when ? then clock_timestamp() end,
                {part}
            from {end} e where m.id = e.id""".replace("{part}", PART).replace("{end}", CHAIN_END);

    private static final String END = """
            update mission m set
                phase = ?, reason = ?, message = w.message, wake_at = null, running_since = null, finished_at = clock_timestamp(),
                {part}
            from {end} e, unnest(?::int8[], ?::text[]) as w(id, message) where m.id = e.id and m.id = w.id""".replace("{part}", PART).replace("{end}", CHAIN_END);

    private static final String LOSE = """
            update mission m set
                crashes = case when e.progress then 0 when e.returned then m.crashes else m.crashes + 1 end,
                lost_by = case when e.progress then '{}' when e.returned then m.lost_by when m.crashes = 0 then array[e.loser]
                    else m.lost_by || e.loser end,
                phase = case when e.looped then 'Failed' else 'Queued' end,
                reason = case when e.looped then 'CrashLoop' else 'RuntimeLost' end,
                message = case when e.looped
                    then 'lost its runtime ' || m.crashes + 1 || ' times in a row without progress, in the end alone'
                    else 'lost its runtime ' || e.pod end,
                failovers = case when e.looped then m.failovers else failovers_with(m.failovers, jsonb_build_object(
                    'time', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                    'type', 'Runtime', 'from', e.pod, 'to', null, 'reason', 'lost its runtime ' || e.pod)) end,
                wake_at = null, running_since = null, finished_at = case when e.looped then clock_timestamp() end,
                {part}
            from (select c.*, c.hopeless and not c.progress and not c.returned as looped from {end} c) e where m.id = e.id
            returning e.looped""".replace("{part}", PART).replace("{end}", CHAIN_END);

    // Of a pod's instances since the former one, each was this process; without a pod only what it names is known.
    private static final String RETURNED = """
            update runtime_instance set returned = true
            where pool_uid = ? and pod_uid is not distinct from ?::uuid and not returned
              and (id = ? or pod_uid is not null and id > ?)""";

    private static final String LOST_BY = """
            select id from mission
            where finished_at is null and crashes > 0
              and exists (select from runtime_instance i where i.id = any(lost_by) and i.returned)
            order by id for no key update skip locked""";

    private static final String FORGIVE = """
            update mission m set
                crashes = greatest(0, m.crashes - f.times), lost_by = f.others, isolated = m.isolated and m.crashes - f.times >= {company},
                version = next_version()
            from (select c.id, count(*) filter (where i.returned)::int as times,
                         coalesce(array_agg(l.instance order by l.place) filter (where i.returned is not true), '{}') as others
                  from mission c cross join unnest(c.lost_by) with ordinality as l(instance, place)
                  left join runtime_instance i on i.id = l.instance
                  where c.id = any(?) group by c.id) f
            where m.id = f.id and f.times > 0""".replace("{company}", Integer.toString(Bindings.CRASHES_IN_COMPANY));

    private Parting() {}

    /**
     * A way out that is not the mission's end.
     *
     * @param attempts how many retries it adds
     * @param wakeAfter when it may be bound or goes back to the queue; null for at once, or for a person
     */
    record Way(Reason reason, String message, int attempts, Duration wakeAfter) {
        static Way to(Reason reason) {
            return new Way(reason, "", 0, null);
        }
    }

    /** Locks what the instance holds. */
    static Long[] lockHeld(Connection connection, long instance) throws SQLException {
        return ids(Sql.list(connection, LOCK_HELD, row -> row.getLong(1), (Object) new Long[] {instance}));
    }

    /** Locks what the dead instances hold, and waits for nobody: a commit in flight may belong to a process that has come to a halt. */
    static Long[] lockFree(Connection connection, List<Long> instances) throws SQLException {
        return ids(Sql.list(connection, LOCK_FREE, row -> row.getLong(1), (Object) ids(instances)));
    }

    static Long[] ids(List<Long> ids) {
        return ids.toArray(Long[]::new);
    }

    /** Moves the locked missions; answers how many. */
    static int leave(Connection connection, Long[] locked, Way way) throws SQLException {
        if (locked.length == 0) {
            return 0;
        }
        return Sql.update(
                connection,
                LEAVE,
                way.reason().phase().name(),
                way.reason().name(),
                Sql.printable(way.message()),
                way.attempts(),
                way.wakeAfter() == null ? null : way.wakeAfter().toMillis(),
                way.reason() == Reason.ProviderUnavailable,
                locked);
    }

    /** Ends the locked missions for one reason, each with its message; answers how many. */
    static int end(Connection connection, Reason reason, Long[] locked, String[] messages) throws SQLException {
        if (locked.length == 0) {
            return 0;
        }
        return Sql.update(connection, END, reason.phase().name(), reason.name(), locked, locked, messages);
    }

    static int end(Connection connection, long locked, Outcome outcome) throws SQLException {
        return end(connection, outcome.reason(), new Long[] {locked}, new String[] {Sql.printable(outcome.message())});
    }

    /** The locked missions have lost their owner: they are requeued, or end where it went down with them alone too often. */
    static Lost lose(Connection connection, Long[] locked) throws SQLException {
        if (locked.length == 0) {
            return Lost.NONE;
        }
        List<Boolean> looped = Sql.list(connection, LOSE, row -> row.getBoolean(1), (Object) locked);
        int ended = (int) looped.stream().filter(each -> each).count();
        return new Lost(looped.size() - ended, ended);
    }

    /** The process lives that was the instance {@code former} of this pool and pod: what it loses from now on counts as no crash. */
    static void returned(Connection connection, UUID pool, UUID podUid, long former) throws SQLException {
        Sql.update(connection, RETURNED, pool, podUid, former, former);
    }

    /** Takes back what returned instances have lost, and waits for nobody: what is locked is left to the sweep. Answers of how many missions. */
    static int forgive(Connection connection) throws SQLException {
        List<Long> locked = Sql.list(connection, LOST_BY, row -> row.getLong(1));
        return locked.isEmpty() ? 0 : Sql.update(connection, FORGIVE, (Object) ids(locked));
    }

    /** What became of missions that lost their owner. */
    record Lost(int requeued, int crashLooped) {
        static final Lost NONE = new Lost(0, 0);
    }
}

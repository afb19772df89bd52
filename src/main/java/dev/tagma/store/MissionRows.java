package dev.tagma.store;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/** How the rows of missions are read. */
final class MissionRows {
    /** The columns of a record, and where they are from; the mission is called m. */
    static final String RECORD = """
            m.id, m.uid, m.namespace, m.name, m.pool_uid, m.revision, m.priority, m.reason, m.message, m.epoch, m.instance, m.last_seq,
            m.head_digest, m.usage_iterations, m.usage_model_calls, m.usage_tool_calls, m.usage_input, m.usage_output,
            m.usage_cost_nanos, m.attempts, m.crashes, m.outcome, m.failovers, m.admitted_at, m.started_at, m.finished_at, m.version, m.pod,
            m.active_ms + greatest(0, coalesce((extract(epoch from clock_timestamp() - m.running_since) * 1000)::int8, 0)) as active,
            (select committed_at from mission_step where mission = m.id and seq = m.last_seq) as head_at,
            p.namespace as pool_namespace, p.name as pool_name, c.calls, c.tokens, c.cost_nanos
            from mission m
            left join lateral (
                select r.namespace, r.name from pool_revision r
                where r.pool_uid = m.pool_uid and r.revision = greatest(m.revision, 1)) p on true
            cross join lateral (
                select count(*) as calls, coalesce(sum(tokens), 0)::int8 as tokens, coalesce(sum(cost_nanos), 0)::int8 as cost_nanos
                from model_call where mission = m.id
                    and (state = 'Charged' or state = 'Reserved' and lapses_at <= clock_timestamp())) c""";

    /** The columns of a binding, of a mission that is called m and its spec s. */
    static final String BINDING = """
            m.id, m.uid, m.epoch, m.namespace, m.name, m.pool_uid, m.revision, s.spec, m.last_seq, m.attempts,
            m.timeout_ms - m.active_ms - greatest(0, coalesce((extract(epoch from clock_timestamp() - m.running_since) * 1000)::int8, 0))
                as time_left""";

    /** The epoch of the next ownership of a mission that is called m: next_epoch() of it, where the timeline is asked once and not per row. */
    static final String NEXT_EPOCH = "greatest(m.epoch, (select database_timeline()) << 40) + 1";

    /** The version of all that a statement changes, asked once: it is the transaction's. */
    static final String NEXT_VERSION = "(select next_version())";

    private MissionRows() {}

    static MissionRecord toRecord(ResultSet row) throws SQLException {
        Reason reason = Reason.valueOf(row.getString("reason"));
        String message = row.getString("message");
        UUID uid = row.getObject("uid", UUID.class);
        byte[] head = row.getBytes("head_digest");
        return new MissionRecord(
                row.getLong("id"),
                uid,
                row.getString("namespace"),
                row.getString("name"),
                row.getObject("pool_uid", UUID.class),
                row.getInt("revision"),
                row.getInt("priority"),
                reason,
                message,
                row.getLong("epoch"),
                row.getLong("instance"),
                head == null ? Head.genesis(uid) : new Head(row.getLong("last_seq"), Digest.of(head)),
                usage(row),
                new Usage(0, row.getLong("calls"), 0, row.getLong("tokens"), 0, row.getLong("cost_nanos")),
                row.getInt("attempts"),
                row.getInt("crashes"),
                Duration.ofMillis(row.getLong("active")),
                outcome(row.getBytes("outcome"), reason, message),
                SpecJson.failovers(row.getString("failovers")),
                Sql.instant(row, "admitted_at"),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "finished_at"),
                row.getString("pod"),
                Sql.instant(row, "head_at"),
                row.getString("pool_namespace"),
                row.getString("pool_name"),
                row.getLong("version"));
    }

    /** An end that the store itself decided has no stored outcome: its reason and message say it all. */
    private static Outcome outcome(byte[] stored, Reason reason, String message) {
        if (stored == null && reason.phase().terminal()) {
            return Outcome.failed(reason, message);
        }
        return OutcomeJson.decode(stored);
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(
                row.getLong("usage_iterations"),
                row.getLong("usage_model_calls"),
                row.getLong("usage_tool_calls"),
                row.getLong("usage_input"),
                row.getLong("usage_output"),
                row.getLong("usage_cost_nanos"));
    }

    static Binding binding(ResultSet row) throws SQLException {
        return new Binding(
                new Claim(row.getLong("id"), row.getObject("uid", UUID.class), row.getLong("epoch")),
                row.getString("namespace"),
                row.getString("name"),
                row.getObject("pool_uid", UUID.class),
                row.getInt("revision"),
                SpecJson.mission(row.getBytes("spec")),
                row.getLong("last_seq"),
                Duration.ofMillis(row.getLong("time_left")),
                row.getInt("attempts"));
    }
}

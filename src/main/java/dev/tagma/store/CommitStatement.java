package dev.tagma.store;

import dev.tagma.mission.NewStep;
import dev.tagma.mission.Usage;
import dev.tagma.store.PendingAppend.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The statement that stores a group of appends, each whole or not at all.
 *
 * <p>{@code held} locks, in the order of ids and waiting for nobody, the missions whose epoch is the writer's: a takeover that holds the
 * row makes us skip it, one that comes later waits for us. {@code based} keeps the appends whose base is the writer's. The first step
 * decides over the rest: where another transaction stored that number after this statement's snapshot was taken, the conflict drops
 * the whole append; and while the row is locked nobody can add behind it.
 *
 * <p>Every table is reached through a lateral probe or an array of keys: a plan that is made while the tables are empty, and kept, must
 * not join them whole.
 */
final class CommitStatement {
    private static final String USAGE =
            "usage_iterations, usage_model_calls, usage_tool_calls, usage_input, usage_output, usage_cost_nanos";

    private static final String STORE = """
            with append as (
                select * from unnest(?::int8[], ?::int8[], ?::int8[], ?::bytea[], ?::int4[], ?::bytea[], ?::bytea[], ?::bytea[],
                                     ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[])
                    as a(mission, epoch, base, base_digest, kind, content, content_digest, digest, d1, d2, d3, d4, d5, d6)),
            held as materialized (
                select a.*, m.uid from (select * from append order by mission) a cross join lateral (
                    select uid from mission where id = a.mission and epoch = a.epoch for no key update skip locked) m),
            based as materialized (
                select h.*, coalesce(p.usage_iterations, 0) u1, coalesce(p.usage_model_calls, 0) u2, coalesce(p.usage_tool_calls, 0) u3,
                       coalesce(p.usage_input, 0) u4, coalesce(p.usage_output, 0) u5, coalesce(p.usage_cost_nanos, 0) u6
                from held h left join lateral (
                    select * from mission_step where mission = h.mission and seq = h.base limit 1) p on true
                left join lateral (
                    select seq from mission_step where h.kind = 0 and mission = h.mission and seq = h.base + 1 limit 1) n on true
                where h.base_digest = case h.base when 0 then sha256('tagma/mission/v1'::bytea || uuid_send(h.uid)) else p.digest end
                  and n.seq is null),
            first as (
                insert into mission_step (mission, seq, epoch, kind, content, content_digest, digest, {usage})
                select mission, base + 1, epoch, kind, content, content_digest, digest, u1 + d1, u2 + d2, u3 + d3, u4 + d4, u5 + d5, u6 + d6
                from based where kind <> 0
                on conflict do nothing
                returning mission, epoch, {usage}),
            stored(mission, epoch, u1, u2, u3, u4, u5, u6) as materialized (
                select mission, epoch, {usage} from first
                union all
                select mission, epoch, u1, u2, u3, u4, u5, u6 from based where kind = 0)""".replace("{usage}", USAGE);

    private static final String REST = """
            , rest as (
                insert into mission_step (mission, seq, epoch, kind, content, content_digest, digest, {usage})
                select r.mission, r.seq, s.epoch, r.kind, r.content, r.content_digest, r.digest,
                       u1 + d1, u2 + d2, u3 + d3, u4 + d4, u5 + d5, u6 + d6
                from stored s join unnest(?::int8[], ?::int8[], ?::int4[], ?::bytea[], ?::bytea[], ?::bytea[],
                                          ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[])
                    as r(mission, seq, kind, content, content_digest, digest, d1, d2, d3, d4, d5, d6) on r.mission = s.mission)""".replace("{usage}", USAGE);

    private static final String ENDED =
            """
            , ended as (
                update mission m set
                    phase = e.phase, reason = e.reason, message = e.message, outcome = e.outcome, epoch = {epoch}, instance = null,
                    last_seq = e.seq, head_digest = e.digest, wake_at = null, isolated = false,
                    usage_iterations = u1 + d1, usage_model_calls = u2 + d2, usage_tool_calls = u3 + d3,
                    usage_input = u4 + d4, usage_output = u5 + d5, usage_cost_nanos = u6 + d6,
                    active_ms = m.active_ms + coalesce((extract(epoch from clock_timestamp() - m.running_since) * 1000)::int8, 0),
                    running_since = null, finished_at = clock_timestamp(), version = {version}
                from stored s join unnest(?::int8[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::int8[], ?::bytea[],
                                          ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[])
                    as e(mission, phase, reason, message, outcome, seq, digest, d1, d2, d3, d4, d5, d6) on e.mission = s.mission
                where m.id = s.mission and m.id = any(array(select mission from stored)))""".replace("{epoch}", MissionRows.NEXT_EPOCH).replace("{version}", MissionRows.NEXT_VERSION);

    private static final String SETTLED = """
            , settled as (
                delete from model_call c using stored s join unnest(?::int8[], ?::int8[], ?::int4[])
                    as k(mission, base, n) on k.mission = s.mission
                where c.mission = k.mission and c.base_seq = k.base and c.n = k.n and c.mission = any(array(select mission from stored)))""";

    private static final String ANSWER = "\nselect mission from stored";

    /** With every part: what its plan must look like is tested. */
    static final String WHOLE = STORE + REST + ENDED + SETTLED + ANSWER;

    private static final String LOCK =
            "select id from mission where id = any(?::int8[]) order by id for no key update skip locked";

    private CommitStatement() {}

    /** Whether the group needs a transaction of more than one statement. */
    static boolean needsTransaction(List<PendingAppend> group) {
        return group.stream().anyMatch(append -> !append.hasSteps());
    }

    /** Stores what can be stored; answers the missions whose append is. */
    static Set<Long> store(Connection connection, List<PendingAppend> group) throws SQLException {
        lockAhead(
                connection, group.stream().filter(append -> !append.hasSteps()).toList());
        List<Row> rest = group.stream()
                .flatMap(append -> append.steps().stream().skip(1))
                .toList();
        List<PendingAppend> ends =
                group.stream().filter(a -> a.finish() != null).toList();
        List<PendingAppend> calls = group.stream().filter(a -> a.call() != null).toList();
        try (PreparedStatement statement = connection.prepareStatement(text(rest, ends, calls))) {
            Columns columns = new Columns(connection, statement);
            bindAppends(columns, group);
            if (!rest.isEmpty()) {
                bindRest(columns, rest);
            }
            if (!ends.isEmpty()) {
                bindEnds(columns, ends);
            }
            if (!calls.isEmpty()) {
                columns.int8(calls, PendingAppend::key)
                        .int8(calls, a -> a.call().baseSeq())
                        .int4(calls, a -> a.call().n());
            }
            Set<Long> stored = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    stored.add(rows.getLong(1));
                }
            }
            return stored;
        }
    }

    private static String text(List<Row> rest, List<PendingAppend> ends, List<PendingAppend> calls) {
        return STORE
                + (rest.isEmpty() ? "" : REST)
                + (ends.isEmpty() ? "" : ENDED)
                + (calls.isEmpty() ? "" : SETTLED)
                + ANSWER;
    }

    /**
     * An end without a step has no first step to trip over: its row is locked by a statement of its own, so that the next one's snapshot
     * shows every step there is.
     */
    private static void lockAhead(Connection connection, List<PendingAppend> group) throws SQLException {
        if (group.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            new Columns(connection, statement).int8(group, PendingAppend::key);
            statement.execute();
        }
    }

    private static void bindAppends(Columns columns, List<PendingAppend> group) throws SQLException {
        columns.int8(group, PendingAppend::key)
                .int8(group, a -> a.append().claim().epoch())
                .int8(group, a -> a.append().base().seq())
                .bytea(group, a -> a.append().base().digest().bytes())
                .int4(group, a -> a.hasSteps() ? first(a).step().kind().code() : 0)
                .bytea(group, ofFirst(NewStep::content))
                .bytea(group, ofFirst(step -> step.contentDigest().bytes()))
                .bytea(group, a -> a.hasSteps() ? first(a).head().digest().bytes() : null)
                .usage(group, a -> a.hasSteps() ? first(a).step().usage() : Usage.NONE);
    }

    private static Function<PendingAppend, byte[]> ofFirst(Function<NewStep, byte[]> value) {
        return append -> append.hasSteps() ? value.apply(first(append).step()) : null;
    }

    private static Row first(PendingAppend append) {
        return append.steps().getFirst();
    }

    private static void bindRest(Columns columns, List<Row> rest) throws SQLException {
        columns.int8(rest, Row::mission)
                .int8(rest, row -> row.head().seq())
                .int4(rest, row -> row.step().kind().code())
                .bytea(rest, row -> row.step().content())
                .bytea(rest, row -> row.step().contentDigest().bytes())
                .bytea(rest, row -> row.head().digest().bytes())
                .usage(rest, Row::addedAfterFirst);
    }

    private static void bindEnds(Columns columns, List<PendingAppend> ends) throws SQLException {
        columns.int8(ends, PendingAppend::key)
                .text(ends, a -> a.finish().reason().phase().name())
                .text(ends, a -> a.finish().reason().name())
                .text(ends, a -> Sql.printable(a.finish().message()))
                .bytea(ends, PendingAppend::outcome)
                .int8(ends, a -> a.head().seq())
                .bytea(ends, a -> a.head().seq() == 0 ? null : a.head().digest().bytes())
                .usage(ends, PendingAppend::addedAfterFirst);
    }
}

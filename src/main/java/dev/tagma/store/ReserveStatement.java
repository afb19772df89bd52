package dev.tagma.store;

import dev.tagma.mission.Claim;
import dev.tagma.mission.Usage;
import dev.tagma.model.ModelCalls.Budget;
import dev.tagma.model.ModelCalls.Estimate;
import dev.tagma.model.ModelCalls.Reservation;
import dev.tagma.model.ModelCalls.Reserved;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The statement that enters a group of model calls into the book. It locks nothing: where two enter the same call, the key lets one
 * in, and a call that a takeover overtakes can be paid, but never stored. It commits asynchronously: a reservation that a crash of
 * Postgres loses within its first moments leaves one call outside the budget, not outside the log.
 */
final class ReserveStatement {
    /** The longest time after which a caller asks again for a call that another replica makes. */
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private static final String RESERVE = """
            with ask as (
                select a.*, set_config('synchronous_commit', 'off', true)
                from unnest(?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[], ?::int8[]) with ordinality
                    as a(mission, epoch, base, tokens, cost, budget_tokens, budget_cost, validity, i)),
            lapsed as (
                update model_call c set state = 'Charged' from ask a
                where c.mission = a.mission and c.mission = any(array(select mission from ask))
                    and c.state = 'Reserved' and c.lapses_at <= clock_timestamp()),
            judged as materialized (
                select a.*,
                    m.id is not null as owned,
                    (a.base = 0 or s.seq is not null) and n.seq is null as at_end,
                    coalesce(c.last_n, 0) as last_n, c.open_n,
                    (extract(epoch from c.open_until - clock_timestamp()) * 1000)::int8 as open_millis,
                    coalesce(s.usage_input + s.usage_output, 0) + coalesce(c.tokens, 0) as spoken_tokens,
                    coalesce(s.usage_cost_nanos, 0) + coalesce(c.cost, 0) as spoken_cost
                from ask a
                left join lateral (select id from mission where id = a.mission and epoch = a.epoch limit 1) m on true
                left join lateral (select * from mission_step where mission = a.mission and seq = a.base limit 1) s on true
                left join lateral (select seq from mission_step where mission = a.mission and seq = a.base + 1 limit 1) n on true
                left join lateral (
                    select max(n) filter (where base_seq = a.base) as last_n,
                           max(n) filter (where base_seq = a.base and epoch = a.epoch and state = 'Reserved'
                               and lapses_at > clock_timestamp()) as open_n,
                           max(lapses_at) filter (where base_seq = a.base and epoch = a.epoch and state = 'Reserved'
                               and lapses_at > clock_timestamp()) as open_until,
                           (sum(tokens) filter (where state <> 'Released'))::int8 as tokens,
                           (sum(cost_nanos) filter (where state <> 'Released'))::int8 as cost
                    from model_call where mission = a.mission) c on true),
            granted as (
                insert into model_call (mission, base_seq, n, epoch, state, tokens, cost_nanos, lapses_at)
                select mission, base, last_n + 1, epoch, 'Reserved', tokens, cost, clock_timestamp() + validity * interval '1 ms'
                from judged
                where owned and at_end and open_millis is null
                    and tokens <= budget_tokens - spoken_tokens and cost <= budget_cost - spoken_cost
                on conflict do nothing
                returning mission, n)
            select j.owned, j.at_end, j.open_millis, j.spoken_tokens, j.spoken_cost, g.n, coalesce(j.open_n, j.last_n + 1) as other_n
            from judged j left join granted g on g.mission = j.mission
            order by j.i""";

    private ReserveStatement() {}

    static List<Reservation> reserve(Connection connection, List<Ask> asks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RESERVE)) {
            new Columns(connection, statement)
                    .int8(asks, Ask::key)
                    .int8(asks, ask -> ask.claim.epoch())
                    .int8(asks, Ask::baseSeq)
                    .int8(asks, ask -> ask.estimate.tokens())
                    .int8(asks, ask -> ask.estimate.costNanos())
                    .int8(asks, ask -> ask.estimate.budget().tokens())
                    .int8(asks, ask -> ask.estimate.budget().costNanos())
                    .int8(asks, ask -> ask.validity.toMillis());
            List<Reservation> answers = new ArrayList<>(asks.size());
            try (ResultSet row = statement.executeQuery()) {
                for (Ask ask : asks) {
                    row.next();
                    answers.add(answer(ask, row));
                }
            }
            return answers;
        }
    }

    private static Reservation answer(Ask ask, ResultSet row) throws SQLException {
        int n = row.getInt("n");
        if (n > 0) {
            return new Reservation.Granted(new Reserved(ask.claim, ask.baseSeq, n));
        }
        if (!row.getBoolean("owned")) {
            return new Reservation.Lost();
        }
        if (!row.getBoolean("at_end")) {
            return new Reservation.Moved();
        }
        Reserved other = new Reserved(ask.claim, ask.baseSeq, row.getInt("other_n"));
        long open = row.getLong("open_millis");
        if (!row.wasNull()) {
            return new Reservation.InFlight(other, Duration.ofMillis(Math.clamp(open, 1, LONGEST_WAIT_MILLIS)));
        }
        Budget budget = ask.estimate.budget();
        long tokens = row.getLong("spoken_tokens");
        long cost = row.getLong("spoken_cost");
        if (ask.estimate.tokens() > budget.tokens() - tokens) {
            return new Reservation.OverBudget("the budget is " + budget.tokens() + " tokens: " + tokens
                    + " are used or reserved, the call may need " + ask.estimate.tokens());
        }
        if (ask.estimate.costNanos() > budget.costNanos() - cost) {
            return new Reservation.OverBudget("the budget is " + money(budget.costNanos()) + ": " + money(cost)
                    + " is used or reserved, the call may cost " + money(ask.estimate.costNanos()));
        }
        // Another replica entered the same call between this statement's snapshot and its insert.
        return new Reservation.InFlight(other, Duration.ofMillis(1));
    }

    private static String money(long nanos) {
        return new Usage(0, 0, 0, 0, 0, nanos).cost();
    }

    /** A call to be reserved. */
    record Ask(Claim claim, long baseSeq, Estimate estimate, Duration validity) implements GroupCommitter.Item {
        @Override
        public long key() {
            return claim.mission();
        }

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public long bytes() {
            return 0;
        }
    }
}

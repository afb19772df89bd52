package dev.tagma.store;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Usage;
import dev.tagma.model.ModelCalls;
import dev.tagma.store.ReserveStatement.Ask;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;

/**
 * The book of model calls on Postgres. Reservations go in groups; a settled call's row is deleted by the statement that stores its
 * reply, which is its record from then on, so that the book holds only what is open or was paid for nothing.
 */
public final class JdbcModelCalls implements ModelCalls {
    // Locked in the order of keys.
    private static final String RENEW = """
            with kept as materialized (
                select mission, base_seq, n, set_config('synchronous_commit', 'off', true), ?::int8 as millis from model_call
                where (mission, base_seq, n) in (select * from unnest(?::int8[], ?::int8[], ?::int4[]))
                    and state = 'Reserved' and lapses_at > clock_timestamp()
                order by mission, base_seq, n for no key update)
            update model_call c set lapses_at = clock_timestamp() + k.millis * interval '1 ms'
            from kept k where c.mission = k.mission and c.base_seq = k.base_seq and c.n = k.n""";

    private final Database database;
    private final JdbcStepLog steps;
    private final GroupCommitter<Ask, Reservation> reserver;

    public JdbcModelCalls(Database database, JdbcStepLog steps, Executor committerThreads, Duration patience) {
        this.database = database;
        this.steps = steps;
        this.reserver = new GroupCommitter<>(
                committerThreads,
                group -> database.committers().attempt(c -> ReserveStatement.reserve(c, group), true),
                new GroupCommitter.Limits(1, 0, 500, 1 << 20, 64 << 10, patience));
    }

    @Override
    public Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity) {
        return reserver.submit(new Ask(claim, baseSeq, estimate, validity));
    }

    /** Nobody waits for the disk: a renewal that a crash of the server loses is followed by the next one. */
    @Override
    public void renew(Collection<Reserved> calls, Duration validity) {
        if (calls.isEmpty()) {
            return;
        }
        Long[] missions = calls.stream().map(call -> call.claim().mission()).toArray(Long[]::new);
        Long[] bases = calls.stream().map(Reserved::baseSeq).toArray(Long[]::new);
        Integer[] numbers = calls.stream().map(Reserved::n).toArray(Integer[]::new);
        database.heartbeats()
                .query(connection -> Sql.update(connection, RENEW, validity.toMillis(), missions, bases, numbers));
    }

    @Override
    public CommitResult settle(Reserved call, Append append) {
        CommitResult result = steps.commit(append, call);
        switch (result) {
            case CommitResult.Committed committed -> {}
            case CommitResult.Fenced fenced -> charge(call, used(append));
            case CommitResult.Fork fork -> charge(call, used(append));
            case CommitResult.Behind behind -> {}
        }
        return result;
    }

    private static Usage used(Append append) {
        return append.steps().stream().map(NewStep::usage).reduce(Usage.NONE, Usage::plus);
    }

    @Override
    public void release(Reserved call) {
        close(call, "Released", Usage.NONE);
    }

    @Override
    public void charge(Reserved call, Usage usage) {
        close(call, "Charged", usage);
    }

    /** A reservation that has lapsed is charged in full: what is said of it afterwards comes too late. */
    private void close(Reserved call, String state, Usage usage) {
        database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    update model_call set state = ?, tokens = ?, cost_nanos = ?
                    where mission = ? and base_seq = ? and n = ? and state = 'Reserved' and lapses_at > clock_timestamp()""")) {
                statement.setString(1, state);
                statement.setLong(2, usage.tokens());
                statement.setLong(3, usage.costNanos());
                statement.setLong(4, call.claim().mission());
                statement.setLong(5, call.baseSeq());
                statement.setInt(6, call.n());
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public Usage lapsed(long mission) {
        return database.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    select count(*), coalesce(sum(tokens), 0)::int8, coalesce(sum(cost_nanos), 0)::int8 from model_call
                    where mission = ? and (state = 'Charged' or state = 'Reserved' and lapses_at <= clock_timestamp())""")) {
                statement.setLong(1, mission);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return new Usage(0, row.getLong(1), 0, row.getLong(2), 0, row.getLong(3));
                }
            }
        });
    }
}

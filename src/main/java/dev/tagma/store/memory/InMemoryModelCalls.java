package dev.tagma.store.memory;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Usage;
import dev.tagma.model.ModelCalls;
import dev.tagma.store.memory.CallRow.State;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

final class InMemoryModelCalls implements ModelCalls {
    private final Tables tables;
    private final InMemoryStepLog steps;

    InMemoryModelCalls(Tables tables, InMemoryStepLog steps) {
        this.tables = tables;
        this.steps = steps;
    }

    @Override
    public Reservation reserve(Claim claim, long baseSeq, Estimate estimate, Duration validity) {
        return tables.atomically(() -> tables.owned(claim)
                .map(row -> reserve(row, baseSeq, estimate, validity))
                .orElseGet(Reservation.Lost::new));
    }

    private Reservation reserve(MissionRow row, long baseSeq, Estimate estimate, Duration validity) {
        if (row.head().seq() != baseSeq) {
            return new Reservation.Moved();
        }
        chargeLapsed(row);
        List<CallRow> onBase = row.calls.stream()
                .filter(call -> call.call.baseSeq() == baseSeq)
                .toList();
        for (CallRow other : onBase) {
            if (other.state == State.Reserved && other.call.claim().equals(row.claim())) {
                return new Reservation.InFlight(other.call, Duration.between(tables.now(), other.lapsesAt));
            }
        }
        String excess = excess(row, estimate);
        if (excess != null) {
            return new Reservation.OverBudget(excess);
        }
        CallRow call = new CallRow(
                new Reserved(row.claim(), baseSeq, onBase.size() + 1),
                tables.now().plus(validity));
        call.tokens = estimate.tokens();
        call.costNanos = estimate.costNanos();
        row.calls.add(call);
        return new Reservation.Granted(call.call);
    }

    private void chargeLapsed(MissionRow row) {
        for (CallRow call : row.calls) {
            if (call.state == State.Reserved && !call.lapsesAt.isAfter(tables.now())) {
                call.state = State.Charged;
            }
        }
    }

    private static String excess(MissionRow row, Estimate estimate) {
        Usage spoken = row.usage().plus(sum(row, State.Charged)).plus(sum(row, State.Reserved));
        Budget budget = estimate.budget();
        if (estimate.tokens() > budget.tokens() - spoken.tokens()) {
            return "the budget is " + budget.tokens() + " tokens: " + spoken.tokens()
                    + " are used or reserved, the call may need " + estimate.tokens();
        }
        if (estimate.costNanos() > budget.costNanos() - spoken.costNanos()) {
            return "the budget is " + cost(budget.costNanos()) + ": " + spoken.cost()
                    + " is used or reserved, the call may cost " + cost(estimate.costNanos());
        }
        return null;
    }

    private static String cost(long nanos) {
        return new Usage(0, 0, 0, 0, 0, nanos).cost();
    }

    private static Usage sum(MissionRow row, State state) {
        Usage sum = Usage.NONE;
        for (CallRow call : row.calls) {
            if (call.state == state) {
                sum = sum.plus(call.usage());
            }
        }
        return sum;
    }

    @Override
    public void renew(Collection<Reserved> calls, Duration validity) {
        calls.forEach(call -> change(call, row -> {
            if (row.state == State.Reserved) {
                row.lapsesAt = tables.now().plus(validity);
            }
        }));
    }

    @Override
    public CommitResult settle(Reserved call, Append append) {
        return tables.atomically(() -> {
            CommitResult result = steps.commit(append);
            switch (result) {
                case CommitResult.Committed c -> change(call, row -> row.state = State.Settled);
                case CommitResult.Fenced f -> charge(call, usage(append));
                case CommitResult.Fork f -> charge(call, usage(append));
                case CommitResult.Behind b -> {}
            }
            return result;
        });
    }

    private static Usage usage(Append append) {
        return append.steps().stream().map(NewStep::usage).reduce(Usage.NONE, Usage::plus);
    }

    @Override
    public void release(Reserved call) {
        change(call, row -> row.state = row.state == State.Reserved ? State.Released : row.state);
    }

    @Override
    public void charge(Reserved call, Usage usage) {
        change(call, row -> {
            if (row.state == State.Reserved) {
                row.state = State.Charged;
                row.tokens = usage.tokens();
                row.costNanos = usage.costNanos();
            }
        });
    }

    private void change(Reserved call, Consumer<CallRow> change) {
        tables.atomically(() -> {
            MissionRow mission = tables.missions.get(call.claim().mission());
            if (mission != null) {
                chargeLapsed(mission);
                mission.calls.stream().filter(row -> row.call.equals(call)).forEach(change);
            }
            return null;
        });
    }

    @Override
    public Usage lapsed(long mission) {
        return tables.atomically(() -> {
            MissionRow row = tables.missions.get(mission);
            if (row == null) {
                return Usage.NONE;
            }
            return row.charged();
        });
    }
}

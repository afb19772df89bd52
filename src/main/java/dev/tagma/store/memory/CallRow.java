package dev.tagma.store.memory;

import dev.tagma.model.ModelCalls.Reserved;
import java.time.Instant;

/** A row of the model calls. */
final class CallRow {
    final Reserved call;
    final Instant lapsesAt;
    State state = State.Reserved;
    long tokens;
    long costNanos;

    CallRow(Reserved call, Instant lapsesAt) {
        this.call = call;
        this.lapsesAt = lapsesAt;
    }

    enum State {
        Reserved,
        Settled,
        Released,
        Charged
    }
}

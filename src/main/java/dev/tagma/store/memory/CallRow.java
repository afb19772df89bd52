package dev.tagma.store.memory;

import dev.tagma.mission.Usage;
import dev.tagma.model.ModelCalls.Reserved;
import java.time.Instant;

/** A row of the model calls. */
final class CallRow {
    final Reserved call;
    Instant lapsesAt;
    State state = State.Reserved;
    long tokens;
    long costNanos;

    CallRow(Reserved call, Instant lapsesAt) {
        this.call = call;
        this.lapsesAt = lapsesAt;
    }

    /** What it uses; its tokens are not told apart. */
    Usage usage() {
        return new Usage(0, 1, 0, tokens, 0, costNanos);
    }

    enum State {
        Reserved,
        Settled,
        Released,
        Charged
    }
}

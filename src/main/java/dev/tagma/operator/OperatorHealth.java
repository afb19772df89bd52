package dev.tagma.operator;

import java.util.List;

/**
 * How an operator is.
 *
 * @param troubled informers that do not watch at the moment; while the API server is away, all of them
 */
public record OperatorHealth(State state, List<String> troubled) {
    public OperatorHealth {
        troubled = List.copyOf(troubled);
    }

    /**
     * Where an operator is on its way.
     *
     * <pre>
     * Starting -> Standby (informers synchronised) | Stopped
     * Standby  -> Leader (the lease is its own) | Stopped
     * Leader   -> Lost (the lease was not renewed in time) | Stopped
     * Lost     -> Stopped
     * </pre>
     */
    public enum State {
        Starting,
        Standby,
        Leader,
        Lost,
        Stopped
    }

    /** Whether the process may go on; if not, only a restart helps. */
    public boolean live() {
        return state != State.Lost && state != State.Stopped;
    }

    /** Whether it does, or could at once do, its work. */
    public boolean ready() {
        return (state == State.Leader || state == State.Standby) && troubled.isEmpty();
    }
}

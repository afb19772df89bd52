package dev.tagma.operator;

import java.util.List;

/**
 * How an operator is.
 *
 * @param troubled what it misses at the moment: {@link #API_SERVER} where that does not answer, kinds that it does not serve, informers
 *     that do not watch
 */
public record OperatorHealth(State state, List<String> troubled) {
    /** How the API server is called among what is missed. */
    public static final String API_SERVER = "API server";

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

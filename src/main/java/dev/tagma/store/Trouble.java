package dev.tagma.store;

import dev.tagma.mission.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** What an SQLException says about the server: gone, crossed by another transaction, or the statement's own fault. */
enum Trouble {
    /** The connection or the server is gone, full, shutting down or read-only: the outcome of the statement may be unknown. */
    Away,
    /** Rolled back because of a deadlock or a serialization failure: the same transaction may run again. */
    Crossed,
    /** The statement or its data is wrong; repeating it changes nothing. */
    Wrong;

    private static final Set<String> AWAY =
            Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25006", "25P03", "55006", "58030");
    private static final Set<String> CROSSED = Set.of("40001", "40P01");

    static Trouble of(SQLException e) {
        String state = e.getSQLState();
        if (e instanceof SQLTimeoutException || state == null) {
            // Agroal's own failures (no connection in time, pool closed) carry no state; Postgres' always do.
            return Away;
        }
        if (CROSSED.contains(state)) {
            return Crossed;
        }
        return state.startsWith("08") || state.startsWith("53") || AWAY.contains(state) ? Away : Wrong;
    }

    /** The exception that the ports promise. */
    static RuntimeException translate(SQLException e) {
        return switch (of(e)) {
            case Away, Crossed -> new StoreUnavailableException("the store did not answer: " + e.getMessage(), e);
            case Wrong -> new IllegalStateException("the store refused a statement: " + e.getMessage(), e);
        };
    }
}

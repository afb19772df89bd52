package dev.tagma.store;

import dev.tagma.mission.StoreUnavailableException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to this binary's schema, or says what keeps it from that. */
final class Migration {
    /** The oldest Postgres that its makers still mend. */
    static final int OLDEST = 15;

    private Migration() {}

    static void run(DataSource source, String user) {
        try (Connection connection = source.getConnection()) {
            refuseOlder(connection.getMetaData().getDatabaseMajorVersion());
        } catch (SQLException e) {
            throw translated(e, user);
        }
        try {
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw translated(e, user);
        }
    }

    static void refuseOlder(int major) {
        if (major < OLDEST) {
            throw new DatabaseRefusedException(
                    "the database is a Postgres " + major + ", and Tagma needs " + OLDEST + " or newer", null);
        }
    }

    private static RuntimeException translated(FlywayException e, String user) {
        if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new DatabaseRefusedException(
                    "the database holds tables that are not Tagma's: name one of its own, such as a new one by `createdb tagma`",
                    e);
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return translated(sql, user);
            }
        }
        return new IllegalStateException("the schema could not be migrated: " + e.getMessage(), e);
    }

    private static RuntimeException translated(SQLException e, String user) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("42501")) {
            return new DatabaseRefusedException(
                    "the database does not let user " + user + " create Tagma's tables: " + e.getMessage(), e);
        }
        String hint = state.startsWith("28")
                ? ": check the user and the password in its URL, or PGUSER and PGPASSWORD"
                : state.startsWith("3D") ? ": create it, or name another" : "";
        return hint.isEmpty() && Trouble.of(e) == Trouble.Wrong
                ? new IllegalStateException("the schema could not be migrated: " + e.getMessage(), e)
                : new StoreUnavailableException("no connection to the database: " + said(e) + hint, e);
    }

    /** The driver leaves the name of an unknown host to the cause. */
    private static String said(SQLException e) {
        return e.getCause() instanceof UnknownHostException host ? "unknown host " + host.getMessage() : e.getMessage();
    }
}

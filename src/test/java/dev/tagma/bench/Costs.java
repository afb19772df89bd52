package dev.tagma.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * What work has cost so far.
 *
 * @param jvmNanos CPU time of this process
 * @param postgresNanos CPU time of the server's processes that live still
 * @param walBytes position of the server's log
 */
record Costs(long jvmNanos, long postgresNanos, long walBytes) {
    private static final long NANOS_PER_TICK = 10_000_000;

    static Costs now(DatabaseSettings database) throws SQLException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Costs(system.getProcessCpuTime(), postgresTicks() * NANOS_PER_TICK, walPosition(database));
    }

    /** What {@code count} missions cost each, between {@code before} and this. */
    String perMission(Costs before, int count) {
        return String.format(
                Locale.ROOT,
                "JVM %.0f us, Postgres %.0f us of CPU; %.1f KB of WAL",
                (jvmNanos - before.jvmNanos) / 1e3 / count,
                (postgresNanos - before.postgresNanos) / 1e3 / count,
                (walBytes - before.walBytes) / 1024.0 / count);
    }

    private static long walPosition(DatabaseSettings database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")) {
            row.next();
            return row.getLong(1);
        }
    }

    static long postgresTicks() {
        try {
            String postmaster = Files.readAllLines(TestPostgres.shared().data().resolve("postmaster.pid"))
                    .getFirst();
            return ProcessHandle.allProcesses()
                    .map(process -> stat(process.pid()))
                    .filter(stat -> !stat.isEmpty() && stat.get(1).equals(postmaster))
                    .mapToLong(stat -> Long.parseLong(stat.get(11)) + Long.parseLong(stat.get(12)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields of /proc/PID/stat behind the name, which may hold spaces; none where the process has ended. */
    static List<String> stat(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return List.of();
        }
    }
}

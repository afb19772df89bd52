package dev.tagma.bench;

import dev.tagma.store.DatabaseSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the same Postgres gives without Tagma: single-row inserts of 500 bytes, each its own durable commit. */
final class PlainCommits {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

    private final DatabaseSettings database;

    PlainCommits(DatabaseSettings database) throws SQLException {
        this.database = database;
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists plain (id bigint generated always as identity primary key, content bytea)");
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    /** Commits per second over {@code connections}, each on a thread of its own, for {@code time}. */
    double perSecond(int connections, Duration time) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            long end = System.nanoTime() + time.toNanos();
            List<Callable<Long>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(() -> commitUntil(end));
            }
            long begin = System.nanoTime();
            long commits = 0;
            for (Future<Long> client : threads.invokeAll(clients)) {
                commits += client.get();
            }
            return commits / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private long commitUntil(long end) throws SQLException {
        byte[] content = new byte[500];
        long commits = 0;
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement("insert into plain (content) values (?)")) {
            while (System.nanoTime() < end) {
                insert.setBytes(1, content);
                insert.executeUpdate();
                commits++;
            }
        }
        return commits;
    }

    /** The same by pgbench's own client, over its simple protocol; empty where it is not installed. */
    OptionalDouble pgbench(int connections, Duration time) throws IOException, InterruptedException {
        Path script = Files.createTempFile("plain", ".sql");
        try {
            Files.writeString(script, "insert into plain (content) values (decode(repeat('ab', 500), 'hex'));\n");
            URI server = URI.create(database.url().substring("jdbc:".length()));
            Process process = new ProcessBuilder(
                            "pgbench",
                            "-n",
                            "-M",
                            "prepared",
                            "-j",
                            "2",
                            "-c",
                            Integer.toString(connections),
                            "-T",
                            Long.toString(time.toSeconds()),
                            "-f",
                            script.toString(),
                            "-h",
                            server.getHost(),
                            "-p",
                            Integer.toString(server.getPort()),
                            "-U",
                            database.user(),
                            server.getPath().substring(1))
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher tps = TPS.matcher(printed);
            if (process.waitFor() != 0 || !tps.find()) {
                throw new IllegalStateException("pgbench failed:\n" + printed);
            }
            return OptionalDouble.of(Double.parseDouble(tps.group(1)));
        } catch (IOException notInstalled) {
            return OptionalDouble.empty();
        } finally {
            Files.delete(script);
        }
    }
}

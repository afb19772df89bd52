package dev.tagma.bench;

import dev.tagma.store.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the same Postgres gives without Tagma: single-row inserts of 500 bytes, each its own durable commit. */
final class PlainCommits {
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
}

package dev.tagma.store;

import dev.tagma.kube.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jboss.logmanager.Logger;

/**
 * A real Postgres with full durability. {@link #shared()} is one for the whole JVM, which nobody stops; a test that troubles its server
 * starts its {@link #own()}.
 */
public final class TestPostgres implements AutoCloseable {
    private static final String TEMPLATE = "tagma_template";

    private final Path directory;
    private final AtomicInteger names = new AtomicInteger();
    private final Thread lastWords = new Thread(this::discard);
    private EmbeddedPostgres server;

    private TestPostgres() {
        try {
            directory = Files.createTempDirectory("tagma-pg");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = launch(Ports.free());
        Runtime.getRuntime().addShutdownHook(lastWords);
        execute("postgres", "create database " + TEMPLATE);
        try (Database database = new Database(settings(TEMPLATE))) {
            database.migrate();
        }
    }

    /** The server of all tests of this JVM, started at its first use. */
    public static TestPostgres shared() {
        return Shared.SERVER;
    }

    /** A server of the caller's own, which may be stopped and killed. */
    public static TestPostgres own() {
        return new TestPostgres();
    }

    /** Settings for a new database with the newest schema and nothing in it. */
    public DatabaseSettings fresh() {
        String name = "t" + names.incrementAndGet();
        execute("postgres", "create database " + name + " template " + TEMPLATE);
        return settings(name);
    }

    /** Settings for a new database without any table. */
    public DatabaseSettings empty() {
        String name = "t" + names.incrementAndGet();
        execute("postgres", "create database " + name);
        return settings(name);
    }

    /** Stops the server in order; its data stay. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the stopped or killed server again, at the same port. */
    public void start() {
        server = launch(server.getPort());
    }

    /** Stops and starts. */
    public void restart() {
        stop();
        start();
    }

    /** Kills the server's every process, as a power cut would. */
    public void kill() {
        List<ProcessHandle> killed = killAll();
        killed.forEach(process -> process.onExit().join());
        bury();
    }

    private List<ProcessHandle> killAll() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(directory.resolve("data/postmaster.pid")).getFirst());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Releases what is held for a dead server. The library would stop it first, and report at length that it cannot. */
    private void bury() {
        Logger log = Logger.getLogger(EmbeddedPostgres.class.getName());
        Level level = log.getLevel();
        log.setLevel(Level.OFF);
        try {
            stop();
        } finally {
            log.setLevel(level);
        }
    }

    /** Where the server's data are, to be touched only while it is stopped. */
    public Path data() {
        return directory.resolve("data");
    }

    private EmbeddedPostgres launch(int port) {
        try {
            return EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(directory.resolve("data"))
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DatabaseSettings settings(String database) {
        return DatabaseSettings.of(
                "jdbc:postgresql://localhost:" + server.getPort() + "/" + database, "postgres", null);
    }

    private void execute(String database, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(settings(database).url(), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(lastWords);
        stop();
        delete();
    }

    /** A stop in order writes every test's database to the disk first: that may take longer than a JVM is given to end, for data that nobody reads. */
    private void discard() {
        if (Files.exists(data().resolve("postmaster.pid"))) {
            killAll();
        }
        delete();
    }

    /** Left to a process of its own: some hundred databases are tens of thousands of files. */
    private void delete() {
        try {
            new ProcessBuilder("rm", "-rf", directory.toString()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        private static final TestPostgres SERVER = new TestPostgres();
    }
}

package dev.tagma.app.postgres;

import dev.tagma.app.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The Postgres of a data directory, as durable as Postgres can be. Its server outlives an owner that is killed, and the next owner
 * goes on with it as it runs.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String VISIT = "visit";

    private final DataDirectory directory;
    private final PostgresServer server;
    private final Postmaster found;
    private final OwnerLock lock;
    private final ServerWatch watch;

    private EmbeddedPostgres(DataDirectory directory, PostgresServer server, Postmaster found, OwnerLock lock) {
        this.directory = directory;
        this.server = server;
        this.found = found;
        this.lock = lock;
        this.watch = lock == null ? null : new ServerWatch(server, directory.root(), found);
    }

    /**
     * Becomes the owner of the directory's server and starts it where it does not run, and again whenever it dies; closing stops it.
     *
     * @param root the data directory, made where it is missing
     * @param cache where the programs are unpacked
     * @param command what others are told about the owner
     * @throws PostgresException where another process owns it, or it cannot be started
     */
    public static EmbeddedPostgres own(Path root, Path cache, String command) {
        DataDirectory directory = new DataDirectory(root);
        directory.prepare();
        OwnerLock lock = lock(directory, command)
                .orElseThrow(
                        () -> new PostgresException(
                                directory.root() + " is in use by process " + holder(directory)
                                        + ": wait for it, name another directory with --data DIR, or share one database with --database URL"));
        try {
            PostgresServer server = server(directory, cache);
            return new EmbeddedPostgres(directory, server, server.serve(), lock);
        } catch (PostgresException e) {
            release(lock);
            throw e;
        }
    }

    /**
     * Uses the directory's server whoever owns it; one that nobody owns is started, and stopped once nobody uses it any more. Empty
     * where the directory holds no data.
     *
     * @throws PostgresException where it cannot be started
     */
    public static Optional<EmbeddedPostgres> visit(Path root, Path cache) {
        DataDirectory directory = new DataDirectory(root);
        if (!directory.holdsData()) {
            return Optional.empty();
        }
        PostgresServer server = server(directory, cache);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<Postmaster> running = serving(directory);
            if (running.isPresent()) {
                return Optional.of(new EmbeddedPostgres(directory, server, running.get(), null));
            }
            Optional<OwnerLock> lock = lock(directory, VISIT);
            if (lock.isPresent()) {
                try {
                    return Optional.of(new EmbeddedPostgres(directory, server, server.serve(), null));
                } finally {
                    release(lock.get());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new PostgresException("process " + holder(directory) + " owns " + directory.root()
                        + ", but its Postgres does not answer");
            }
            pause();
        }
    }

    private static PostgresServer server(DataDirectory directory, Path cache) {
        return new PostgresServer(directory, new Programs(new PostgresBinaries(cache).unpacked()));
    }

    private static Optional<Postmaster> serving(DataDirectory directory) {
        try {
            return Postmaster.serving(directory.data());
        } catch (IOException e) {
            throw new PostgresException("cannot read " + directory.data() + ": " + e.getMessage(), e);
        }
    }

    /** A visitor has the lock for moments only: it is waited for, an owner is not. */
    private static Optional<OwnerLock> lock(DataDirectory directory, String command) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                Optional<OwnerLock> lock = OwnerLock.tryAcquire(directory, command);
                String holder = lock.isPresent() ? "" : OwnerLock.holder(directory);
                if (lock.isPresent()
                        || !(holder.isEmpty() || holder.endsWith(VISIT + ")"))
                        || System.nanoTime() > deadline) {
                    return lock;
                }
                pause();
            }
        } catch (IOException e) {
            throw new PostgresException("cannot lock " + directory.lock() + ": " + e.getMessage(), e);
        }
    }

    private static String holder(DataDirectory directory) {
        try {
            return OwnerLock.holder(directory);
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted", e);
        }
    }

    private static void release(OwnerLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new PostgresException("cannot release the lock: " + e.getMessage(), e);
        }
    }

    /** Where the server listens. */
    public DatabaseAddress address() {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + found.port() + "/postgres", PostgresServer.USER, directory.password());
    }

    /** The server's process number. */
    public long pid() {
        return (watch == null ? found : watch.postmaster()).pid();
    }

    @Override
    public void close() {
        if (lock != null) {
            try {
                watch.close();
                server.stop(PostgresServer.Stop.Fast);
            } finally {
                release(lock);
            }
            return;
        }
        try {
            Optional<OwnerLock> nobodys = OwnerLock.tryAcquire(directory, VISIT);
            if (nobodys.isPresent()) {
                server.stop(PostgresServer.Stop.WhenIdle);
                release(nobodys.get());
            }
        } catch (IOException e) {
            throw new PostgresException("cannot lock " + directory.lock() + ": " + e.getMessage(), e);
        }
    }
}

package dev.tagma.app.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts the server again when it dies under its owner, at the same port, and says why it is away and when it is back. */
final class ServerWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ServerWatch.class.getName());
    private static final Duration ROUND = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
    /** One that dies sooner than this has not recovered: the pauses go on growing. */
    private static final Duration RECOVERED = Duration.ofSeconds(30);

    private final PostgresServer server;
    private final Path root;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile Postmaster postmaster;
    private long startedAt = System.nanoTime();
    private Duration pause = Duration.ZERO;
    private String said = "";

    ServerWatch(PostgresServer server, Path root, Postmaster postmaster) {
        this.server = server;
        this.root = root;
        this.postmaster = postmaster;
        this.thread = Thread.ofVirtual().name("postgres-watch").start(this::run);
    }

    /** The server that runs, or ran last. */
    Postmaster postmaster() {
        return postmaster;
    }

    private void run() {
        try {
            while (!ends(ROUND)) {
                if (!postmaster.alive()) {
                    revive();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void revive() throws InterruptedException {
        LOG.log(Level.WARNING, "Postgres in {0} has died and is started again: {1}", root, server.lastWords());
        if (System.nanoTime() - startedAt > RECOVERED.toNanos()) {
            pause = Duration.ZERO;
        }
        said = "";
        while (!ends(pause)) {
            pause = longer(pause);
            if (started()) {
                return;
            }
        }
    }

    private boolean started() {
        try {
            postmaster = server.serveAgain(postmaster.port());
            startedAt = System.nanoTime();
            LOG.log(Level.WARNING, "Postgres in {0} runs again", root);
            return true;
        } catch (PostgresException e) {
            if (!said.equals(e.getMessage())) {
                said = e.getMessage();
                LOG.log(Level.WARNING, "{0}; it is tried again and again", said);
            }
            return false;
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.isZero() ? ROUND : pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private boolean ends(Duration within) throws InterruptedException {
        return closing.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends after the attempt in work. */
    @Override
    public void close() {
        closing.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

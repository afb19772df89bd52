package dev.tagma.app.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server of a data directory, started and stopped by whoever holds the owner's lock. It is a session of its own: Ctrl-C in the
 * terminal does not reach it, and it outlives an owner that is killed.
 */
final class PostgresServer {
    static final String USER = "tagma";

    private static final String MAJOR = "18";
    private static final int START_ATTEMPTS = 5;
    private static final long LOG_LIMIT = 1 << 20;
    private static final int LAST_LINES = 5;
    /** Durable, and reachable from this machine alone. The last two keep the log to what matters. */
    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "jit=off",
            "log_checkpoints=off",
            "log_min_messages=warning");

    private final DataDirectory directory;
    private final Programs programs;

    PostgresServer(DataDirectory directory, Programs programs) {
        this.directory = directory;
        this.programs = programs;
    }

    /** How a server is stopped. */
    enum Stop {
        /** At once: connections are closed, what is committed stays. Returns when it is done. */
        Fast,
        /** As soon as the last connection is closed. Returns at once. */
        WhenIdle
    }

    /** The server: the running one, else a new one on the data that is there, else on new data. */
    Postmaster serve() {
        try {
            Optional<Postmaster> running = Postmaster.serving(directory.data());
            return running.isPresent() ? running.get() : start();
        } catch (IOException e) {
            throw new PostgresException("cannot start Postgres in " + directory.root() + ": " + e.getMessage(), e);
        }
    }

    void stop(Stop how) {
        List<String> arguments =
                new ArrayList<>(List.of("stop", "-D", directory.data().toString()));
        arguments.addAll(
                switch (how) {
                    case Fast -> List.of("-m", "fast", "-w");
                    case WhenIdle -> List.of("-m", "smart", "-W");
                });
        Programs.Result result = programs.run("pg_ctl", arguments);
        if (!result.ok() && how == Stop.Fast) {
            throw new PostgresException("Postgres in " + directory.root() + " does not stop: " + last(result.output()));
        }
    }

    private Postmaster start() throws IOException {
        Path data = directory.data();
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            create();
        }
        String version = Files.readString(data.resolve("PG_VERSION")).strip();
        if (!version.equals(MAJOR)) {
            throw new PostgresException("the data in " + data + " was made by Postgres " + version
                    + ", this Tagma brings Postgres " + MAJOR + ": name another directory with --data DIR");
        }
        clearAway(data);
        if (Files.exists(directory.log()) && Files.size(directory.log()) > LOG_LIMIT) {
            Files.move(directory.log(), directory.root().resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return launch(data);
    }

    /** A server that hangs or shuts down is stopped; a record of one whose number somebody else has now is removed. */
    private void clearAway(Path data) throws IOException {
        Optional<Postmaster> left = Postmaster.recorded(data);
        if (left.isEmpty()) {
            return;
        }
        if (left.get().alive()) {
            stop(Stop.Fast);
        } else {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        }
    }

    private Postmaster launch(Path data) throws IOException {
        String said = "";
        for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
            Programs.Result result = programs.run(
                    "pg_ctl",
                    List.of(
                            "start",
                            "-D",
                            data.toString(),
                            "-w",
                            "-l",
                            directory.log().toString(),
                            "-o",
                            options()));
            Optional<Postmaster> started = Postmaster.serving(data);
            if (result.ok() && started.isPresent()) {
                return started.get();
            }
            said = logTail();
            if (!said.contains("in use")) {
                break;
            }
            // the port was taken in between, or children of a killed server still hold its memory and are about to end
        }
        throw new PostgresException("Postgres does not start in " + directory.root() + ": " + said + " (all of it in "
                + directory.log() + ")");
    }

    private static String options() throws IOException {
        StringBuilder options = new StringBuilder("-p " + freePort());
        for (String setting : SETTINGS) {
            options.append(" -c ").append(setting);
        }
        return options.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Made beside its place and moved there at last, so that a kill in the middle leaves nothing that looks whole. */
    private void create() throws IOException {
        Path fresh = directory.root().resolve("postgres.new");
        PostgresBinaries.deleteTree(fresh);
        Path password = directory.createPassword();
        Programs.Result result = programs.run(
                "initdb",
                List.of(
                        "-D",
                        fresh.toString(),
                        "-U",
                        USER,
                        "--auth=scram-sha-256",
                        "--pwfile=" + password,
                        "--encoding=UTF8",
                        "--locale=C"));
        if (!result.ok()) {
            PostgresBinaries.deleteTree(fresh);
            throw new PostgresException(
                    "cannot create a database in " + directory.root() + ": " + last(result.output()));
        }
        Files.move(fresh, directory.data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private String logTail() throws IOException {
        return Files.exists(directory.log())
                ? last(Files.readString(directory.log(), StandardCharsets.ISO_8859_1))
                : "it said nothing";
    }

    private static String last(String output) {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}

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
    /** What Postgres asks for at a time: with less room it fails before long. */
    private static final long WAL_SEGMENT = 16L << 20;

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
        return serve(Ports.ANY);
    }

    /** The server, which listens where its clients look for it. Data that are gone are not replaced by new ones. */
    Postmaster serveAgain(int port) {
        if (!Files.exists(version())) {
            throw new PostgresException("the data in " + directory.data() + " are gone");
        }
        return serve(() -> port);
    }

    private Path version() {
        return directory.data().resolve("PG_VERSION");
    }

    private Postmaster serve(Ports ports) {
        try {
            Optional<Postmaster> running = Postmaster.serving(directory.data());
            return running.isPresent() ? running.get() : start(ports);
        } catch (IOException e) {
            throw new PostgresException("cannot start Postgres in " + directory.root() + ": " + e.getMessage(), e);
        }
    }

    /** Why the server may have died: a disk without room, else the end of its log. */
    String lastWords() {
        try {
            long room = Files.getFileStore(directory.root()).getUsableSpace();
            return room < WAL_SEGMENT
                    ? "no room on the disk of " + directory.root() + ", " + room / 1024 + " KiB are left"
                    : logTail();
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    /** Stops it, where it runs. */
    void stop(Stop how) {
        if (!recorded()) {
            return;
        }
        List<String> arguments =
                new ArrayList<>(List.of("stop", "-D", directory.data().toString()));
        arguments.addAll(
                switch (how) {
                    case Fast -> List.of("-m", "fast", "-w");
                    case WhenIdle -> List.of("-m", "smart", "-W");
                });
        Programs.Result result = programs.run("pg_ctl", arguments);
        if (!result.ok() && how == Stop.Fast && recorded()) {
            throw new PostgresException("Postgres in " + directory.root() + " does not stop: " + last(result.output()));
        }
    }

    private boolean recorded() {
        try {
            return Postmaster.recorded(directory.data())
                    .filter(Postmaster::alive)
                    .isPresent();
        } catch (IOException e) {
            throw new PostgresException("cannot read " + directory.data() + ": " + e.getMessage(), e);
        }
    }

    private Postmaster start(Ports ports) throws IOException {
        Path data = directory.data();
        if (!Files.exists(version())) {
            create();
        }
        String version = Files.readString(version()).strip();
        if (!version.equals(MAJOR)) {
            throw new PostgresException("the data in " + data + " was made by Postgres " + version
                    + ", this Tagma brings Postgres " + MAJOR + ": name another directory with --data DIR");
        }
        clearAway(data);
        if (Files.exists(directory.log()) && Files.size(directory.log()) > LOG_LIMIT) {
            Files.move(directory.log(), directory.root().resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return launch(data, ports);
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

    private Postmaster launch(Path data, Ports ports) throws IOException {
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
                            options(ports.next())));
            Optional<Postmaster> started = Postmaster.serving(data);
            if (result.ok() && started.isPresent()) {
                return started.get();
            }
            said = lastWords();
            if (!said.contains("in use")) {
                break;
            }
            // the port was taken in between, or children of a killed server still hold its memory and are about to end
        }
        throw new PostgresException("Postgres does not start in " + directory.root() + ": " + said + " (all of it in "
                + directory.log() + ")");
    }

    private static String options(int port) {
        StringBuilder options = new StringBuilder("-p " + port);
        for (String setting : SETTINGS) {
            options.append(" -c ").append(setting);
        }
        return options.toString();
    }

    /** On which port the next attempt listens. */
    private interface Ports {
        Ports ANY = () -> {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        };

        int next() throws IOException;
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

package dev.tagma.app.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The server process of a data directory, as Postgres itself records it in postmaster.pid.
 *
 * @param pid of the server
 * @param port it listens on, on loopback
 */
record Postmaster(long pid, int port) {
    private static final int CONNECT_MILLIS = 1000;

    /** What postmaster.pid says, whether or not that process lives. Empty where there is none, or it is half written. */
    static Optional<Postmaster> recorded(Path data) throws IOException {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() < 4
                    ? Optional.empty()
                    : Optional.of(new Postmaster(
                            Long.parseLong(lines.get(0).strip()),
                            Integer.parseInt(lines.get(3).strip())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The server, where it lives and takes connections. */
    static Optional<Postmaster> serving(Path data) throws IOException {
        return recorded(data).filter(Postmaster::alive).filter(Postmaster::accepts);
    }

    /** Whether the process lives and is a Postgres: after a crash its number may belong to somebody else. */
    boolean alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info()
                        .command()
                        .map(command ->
                                Path.of(command).getFileName().toString().startsWith("postgres"))
                        .orElse(true))
                .orElse(false);
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

package dev.tagma.e2e;

import dev.tagma.kube.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A way from loopback to a port of a pod, by {@code kubectl port-forward}. */
final class Forward implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port = Ports.free();
    private final Path output;
    private final Process process;

    Forward(String namespace, String pod, int remote) {
        try {
            output = Files.createTempFile("tagma-forward", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = Suite.start(
                output, "port-forward", "-n", namespace, "pod/" + pod, port + ":" + remote, "--address=" + LOOPBACK);
        Waiting.atMost(PATIENCE, "a way to port " + remote + " of " + pod).until(this::open);
    }

    /** Host and port of its near end. */
    String authority() {
        return LOOPBACK + ":" + port;
    }

    private boolean open() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

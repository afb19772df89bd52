package dev.tagma.app;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A tool server outside of Tagma that notes every call in a file, before it answers: what was really executed, and under which
 * idempotency key.
 */
public final class Witness implements AutoCloseable {
    private final Path file;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Duration work;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Each call takes {@code work} between its note and its answer. */
    public Witness(Path file, Duration work) throws IOException {
        this(file, work, "{\"done\": true}");
    }

    /** The same, with this answer to each call. */
    public Witness(Path file, Duration work, String says) throws IOException {
        this(InetAddress.getLoopbackAddress(), file, work, says);
    }

    /** The same, at an address that is not loopback's. */
    public Witness(InetAddress address, Path file, Duration work, String says) throws IOException {
        this.file = file;
        this.work = work;
        Files.writeString(file, "");
        this.server = HttpServer.create(new InetSocketAddress(address, 0), 512);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                note(new Call(
                        Instant.now(),
                        exchange.getRequestURI().getPath(),
                        String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")),
                        body.replaceAll("\\s+", " ")));
                LockSupport.parkNanos(work.toNanos());
                gate.await();
                byte[] answer = says.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    private synchronized void note(Call call) {
        try {
            Files.writeString(file, call.line() + "\n", StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on no call ends before {@link #release}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
    }

    public String url(String path) {
        return "http://" + authority() + path;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Host and port. */
    public String authority() {
        return server.getAddress().getAddress().getHostAddress() + ":" + port();
    }

    /** Every call so far, in the order of their beginning. */
    public synchronized List<Call> calls() throws IOException {
        return calls(file);
    }

    /** Every call that a witness of another process has noted whole. */
    public static List<Call> calls(Path file) throws IOException {
        String noted = Files.readString(file);
        return noted.substring(0, noted.lastIndexOf('\n') + 1)
                .lines()
                .map(Call::parse)
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** One executed call. */
    public record Call(Instant at, String path, String key, String body) {
        private String line() {
            return at + "\t" + path + "\t" + key + "\t" + body;
        }

        private static Call parse(String line) {
            String[] parts = line.split("\t", 4);
            return new Call(Instant.parse(parts[0]), parts[1], parts[2], parts[3]);
        }
    }
}

package dev.tagma.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The service that samples/triage asks: made-up metrics, and a record of every call, by which one sees what ran twice. */
@Command(name = "sample-service", hidden = true, description = "Serve what samples/triage asks for, on loopback.")
final class SampleServiceCommand implements Callable<Integer> {
    private static final Duration UNTIL_STOPPED = Duration.ofDays(36_500);

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "18099", description = "port; 0 takes a free one")
    int port = 18099;

    @Option(
            names = "--calls",
            paramLabel = "FILE",
            description = "file to which every call is appended: method, path and Idempotency-Key")
    Path calls;

    @Option(names = "--delay", paramLabel = "TIME", description = "how long each call takes")
    Duration delay = Duration.ofMillis(150);

    private final Console console;
    private final Stop stop;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, AtomicInteger> notified = new ConcurrentHashMap<>();

    SampleServiceCommand(Console console, Stop stop) {
        this.console = console;
        this.stop = stop;
    }

    @Override
    public Integer call() throws IOException {
        stop.heed();
        HttpServer server = bind();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        console.out()
                .println("listening on http://127.0.0.1:" + server.getAddress().getPort());
        stop.await(UNTIL_STOPPED);
        server.stop(0);
        return ExitCode.Done.code();
    }

    private HttpServer bind() throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new CommandException(
                    ExitCode.CannotRun, "port " + port + " is taken: name another with --port, and in the manifest", e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            record(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " " + key);
            exchange.getRequestBody().readAllBytes();
            stop.await(delay);
            String[] path = exchange.getRequestURI().getPath().split("/");
            String body = path.length == 3 ? body(exchange.getRequestMethod(), path[1], path[2]) : null;
            byte[] bytes = (body == null ? "{\"error\":\"not found\"}" : body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String body(String method, String what, String service) {
        int seed = Math.floorMod(service.hashCode(), 90);
        return switch (method + " " + what) {
            case "GET metrics" ->
                "{\"service\":\"%s\",\"errorRate\":\"%d.%d%%\",\"p99Millis\":%d}"
                        .formatted(service, 5 + seed % 20, seed % 10, 400 + 10 * seed);
            case "GET log" ->
                "{\"service\":\"%s\",\"last\":\"connection pool exhausted after %d ms\"}"
                        .formatted(service, 1000 + seed);
            case "GET deployments" ->
                "{\"service\":\"%s\",\"last\":{\"version\":\"%s-1.%d.0\",\"minutesAgo\":%d}}"
                        .formatted(service, service, seed, 10 + seed % 30);
            case "POST notify" ->
                "{\"service\":\"%s\",\"notified\":%d}"
                        .formatted(
                                service,
                                notified.computeIfAbsent(service, s -> new AtomicInteger())
                                        .incrementAndGet());
            default -> null;
        };
    }

    private void record(String line) throws IOException {
        if (calls == null) {
            return;
        }
        writing.lock();
        try {
            Files.writeString(calls, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } finally {
            writing.unlock();
        }
    }
}

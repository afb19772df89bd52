package dev.tagma.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An indiscreet service outside Tagma: it answers with the status that its path begins with, such as {@code /401/v1/chat/completions},
 * and shows each header of the request in what it says, as an error message and in a header. It notes the headers in a file.
 */
final class Mirror implements AutoCloseable {
    private final Path file;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Mirror(InetAddress address, Path file) throws IOException {
        this.file = file;
        Files.writeString(file, "");
        server = HttpServer.create(new InetSocketAddress(address, 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            int status = Integer.parseInt(exchange.getRequestURI().getPath().split("/")[1]);
            StringBuilder shown = new StringBuilder();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> shown.append(name)
                            .append(": ")
                            .append(String.join(",", values).replace("\"", "'"))
                            .append("; "));
            note(exchange.getRequestURI().getPath() + " " + shown);
            byte[] said = ("{\"error\": {\"message\": \"this is what was sent: " + shown + "\"}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1/?" + shown.toString().replace(' ', '+'));
            exchange.sendResponseHeaders(status, said.length);
            exchange.getResponseBody().write(said);
        }
    }

    private synchronized void note(String line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    }

    /** Host and port. */
    String authority() {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

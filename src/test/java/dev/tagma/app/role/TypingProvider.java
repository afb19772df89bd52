package dev.tagma.app.role;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A model provider on loopback that speaks OpenAI's protocol and writes its replies piece by piece, as the test says. */
final class TypingProvider implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final JsonMapper JSON = new JsonMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile boolean streamless;

    TypingProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** The next call of a model, which this test then answers. */
    Call next() {
        try {
            Call call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (call == null) {
                throw new AssertionError("no model is asked");
            }
            return call;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().endsWith("/chat/completions")) {
            send(exchange, 200, "{\"object\": \"list\", \"data\": []}");
            return;
        }
        Call call = new Call(exchange, JSON.readTree(exchange.getRequestBody().readAllBytes()));
        if (call.streams() && streamless) {
            send(exchange, 400, "{\"error\": {\"message\": \"stream is not supported\"}}");
            return;
        }
        if (call.streams()) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
        }
        calls.add(call);
        try {
            call.ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    /** From now on it answers in one piece alone, or in pieces too. */
    void streamless(boolean refusesStreams) {
        streamless = refusesStreams;
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** A call that a model was asked, until the test ends it. */
    static final class Call {
        private final HttpExchange exchange;
        private final JsonNode request;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final StringBuilder written = new StringBuilder();

        private Call(HttpExchange exchange, JsonNode request) {
            this.exchange = exchange;
            this.request = request;
        }

        String model() {
            return request.path("model").asText();
        }

        /** Whether the reply is asked for in pieces. */
        boolean streams() {
            return request.path("stream").asBoolean();
        }

        Call write(String text) {
            written.append(text);
            return event("{\"content\": " + quoted(text) + "}", "null");
        }

        /** The reply is complete. */
        void end() {
            try {
                if (streams()) {
                    event("{}", "\"stop\"");
                    raw(
                            "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":"
                                    + "{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}\n\ndata: [DONE]\n\n");
                } else {
                    send(exchange, 200, """
                            {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,
                             "message": {"role": "assistant", "content": %s}, "finish_reason": "stop"}],
                             "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}}""".formatted(quoted(written.toString())));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                ended.countDown();
            }
        }

        /** The stream ends in the middle of the reply. */
        void breakOff() {
            ended.countDown();
        }

        private Call event(String delta, String reason) {
            if (streams()) {
                raw(
                        "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                                + delta + ",\"finish_reason\":" + reason + "}]}\n\n");
            }
            return this;
        }

        private void raw(String text) {
            try {
                exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String quoted(String text) {
            return JSON.getNodeFactory().textNode(text).toString();
        }
    }
}

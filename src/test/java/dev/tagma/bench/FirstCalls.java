package dev.tagma.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An OpenAI-compatible endpoint that answers at once and notes when it was first asked about each goal. */
public final class FirstCalls implements AutoCloseable {
    /** What an OpenAI-compatible endpoint answers when it has nothing to say. */
    public static final String REPLY = """
            {"id": "1", "object": "chat.completion", "created": 1, "model": "bench",
             "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "done"}}],
             "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}}
            """;

    private static final Pattern GOAL = Pattern.compile("goal-\\d+");
    private final Map<String, Long> first = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public FirstCalls() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            long now = System.nanoTime();
            byte[] reply = REPLY.getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                Matcher goal =
                        GOAL.matcher(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                if (goal.find()) {
                    first.putIfAbsent(goal.group(), now);
                }
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, reply.length);
                exchange.getResponseBody().write(reply);
            }
        });
        server.start();
    }

    /** What a ModelProvider's endpoint says. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** The text of a goal that this endpoint knows again. */
    public static String goal(int number) {
        return "goal-" + number;
    }

    /** System.nanoTime() of the first call about {@code goal-NUMBER}, or null before it. */
    public Long firstCall(int number) {
        return first.get(goal(number));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}

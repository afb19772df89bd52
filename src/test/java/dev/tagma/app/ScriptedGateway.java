package dev.tagma.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A gateway's REST over a real API server; what needs a database is as the test scripts it. */
final class ScriptedGateway implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NAMESPACES = "/api/v1alpha1/namespaces/";

    private final HttpServer server;
    private final KubernetesClient client;
    private final String token;
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<String> lastIds = new CopyOnWriteArrayList<>();

    ScriptedGateway(KubernetesClient client, String token) throws IOException {
        this.client = client;
        this.token = token;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What is answered behind the mission's path, such as {@code transcript?after=0}, whatever the rest of the query. */
    void page(String path, String json) {
        pages.put(path, json);
    }

    /** Sends an event; {@code break} ends the stream instead. */
    void event(String text) {
        events.add(text);
    }

    /** The last ids that listeners came back with. */
    List<String> lastIds() {
        return lastIds;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, "{\"status\":401,\"detail\":\"nobody vouches for this token\"}");
                return;
            }
            String[] path = exchange.getRequestURI()
                    .getPath()
                    .substring(NAMESPACES.length())
                    .split("/");
            if (path[1].equals("events")) {
                stream(exchange);
            } else if (path.length == 2) {
                answer(exchange, 200, list(path[0]));
            } else if (path.length == 4) {
                String after = exchange.getRequestURI().getQuery().replaceFirst("&.*", "");
                String none = "{\"steps\":[],\"links\":[],\"more\":false}";
                answer(exchange, 200, pages.getOrDefault(path[3] + "?" + after, none));
            } else {
                mission(exchange, path[0], path[2]);
            }
        }
    }

    private String list(String namespace) {
        ObjectNode list = JSON.createObjectNode();
        missions()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(item -> list.withArray("items").add(JSON.<JsonNode>valueToTree(item)));
        return list.toString();
    }

    private io.fabric8.kubernetes.client.dsl.MixedOperation<
                    GenericKubernetesResource,
                    io.fabric8.kubernetes.api.model.GenericKubernetesResourceList,
                    io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource>>
            missions() {
        return client.genericKubernetesResources("tagma.dev/v1alpha1", "Mission");
    }

    private void mission(HttpExchange exchange, String namespace, String name) throws IOException {
        var mission = missions().inNamespace(namespace).withName(name);
        GenericKubernetesResource found = mission.get();
        if (found == null) {
            answer(exchange, 404, "{\"status\":404,\"detail\":\"no mission\"}");
            return;
        }
        if (exchange.getRequestMethod().equals("PATCH")) {
            String patch = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            found = mission.patch(PatchContext.of(PatchType.JSON_MERGE), patch);
        }
        answer(exchange, 200, JSON.writeValueAsString(found));
    }

    private void stream(HttpExchange exchange) throws IOException {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        if (last != null) {
            lastIds.add(last);
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            for (String event = events.take(); !event.equals("break"); event = events.take()) {
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        events.add("break");
    }
}

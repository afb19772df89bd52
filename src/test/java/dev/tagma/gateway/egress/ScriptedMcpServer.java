package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An MCP server over streamable HTTP, with sessions, pages of tools, and answers as JSON or as events. */
final class ScriptedMcpServer implements AutoCloseable {
    private final ScriptedServer http;
    private final boolean events;
    private final Map<String, Tool> tools = new ConcurrentHashMap<>();
    private final List<String> methods = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile String session = "";
    private volatile String padding = "";

    /** A tool of the server: from its request's params to its result, or to an error where it holds {@code code}. */
    @FunctionalInterface
    interface Tool {
        JsonNode call(JsonNode params);
    }

    private ScriptedMcpServer(boolean events) throws IOException {
        this.events = events;
        this.http = ScriptedServer.start(this::answer);
    }

    static ScriptedMcpServer start(boolean events) throws IOException {
        return new ScriptedMcpServer(events);
    }

    ScriptedMcpServer with(String name, Tool tool) {
        tools.put(name, tool);
        return this;
    }

    /** Each tool's description and schema are longer by so many characters. */
    ScriptedMcpServer verbose(int characters) {
        padding = "x".repeat(characters);
        return this;
    }

    /** A result with one text. */
    static ObjectNode text(String text) {
        ObjectNode result = McpSession.JSON.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    String url() {
        return http.url("/mcp");
    }

    int port() {
        return http.port();
    }

    List<ScriptedServer.Request> requests() {
        return http.requests();
    }

    /** The JSON-RPC methods that were asked for, in order. */
    List<String> methods() {
        return methods;
    }

    /** Forgets the session, as a restarted server does. */
    void forget() {
        session = "";
    }

    private void answer(ScriptedServer.Request request, OutputStream out) throws Exception {
        JsonNode message = McpSession.JSON.readTree(request.body());
        String method = message.path("method").asText();
        methods.add(method);
        if (method.equals("initialize")) {
            session = "session-" + sessions.incrementAndGet();
            ObjectNode result = McpSession.JSON.createObjectNode().put("protocolVersion", "2025-06-18");
            result.putObject("capabilities").putObject("tools");
            respond(message, out, result);
        } else if (session.isEmpty() || !session.equals(request.headers().get("mcp-session-id"))) {
            ScriptedServer.write(out, "404 Not Found", "", "no such session");
        } else if (!message.has("id")) {
            ScriptedServer.write(out, "202 Accepted", "", "");
        } else if (method.equals("tools/list")) {
            respond(message, out, page(message.path("params").path("cursor").asInt(0)));
        } else {
            Tool tool = tools.get(message.path("params").path("name").asText());
            respond(
                    message,
                    out,
                    tool == null
                            ? McpSession.JSON
                                    .createObjectNode()
                                    .put("code", -32602)
                                    .put("message", "Unknown tool")
                            : tool.call(message.path("params")));
        }
    }

    /** One tool a page, so that every page has to be asked for. */
    private ObjectNode page(int index) {
        List<String> names = tools.keySet().stream().sorted().toList();
        ObjectNode result = McpSession.JSON.createObjectNode();
        var listed = result.putArray("tools");
        if (index < names.size()) {
            ObjectNode tool = listed.addObject()
                    .put("name", names.get(index))
                    .put("description", "Does " + names.get(index) + "." + padding);
            tool.putObject("inputSchema")
                    .put("type", "object")
                    .put("title", padding)
                    .putObject("properties")
                    .putObject("x");
        }
        if (index + 1 < names.size()) {
            result.put("nextCursor", String.valueOf(index + 1));
        }
        return result;
    }

    private void respond(JsonNode message, OutputStream out, JsonNode result) throws IOException {
        ObjectNode reply = McpSession.JSON.createObjectNode().put("jsonrpc", "2.0");
        reply.set("id", message.path("id"));
        reply.set(result.has("code") ? "error" : "result", result);
        String header = "Mcp-Session-Id: " + session + "\r\n";
        if (!events) {
            ScriptedServer.write(out, "200 OK", header + "Content-Type: application/json\r\n", reply.toString());
            return;
        }
        String stream = "HTTP/1.1 200 OK\r\n" + header + "Content-Type: text/event-stream\r\n\r\n"
                + ": hello\n\n"
                + "event: message\nid: 1\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"
                + "data: {\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"method\":\"ping\"}\n\n"
                + "event: message\ndata: " + reply.toPrettyString().replace("\n", "\ndata: ") + "\n\n";
        out.write(stream.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        out.flush();
        try {
            // a server may keep the stream open: the client has to leave it
            new java.util.concurrent.CountDownLatch(1).await(10, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.gateway.egress.EgressReply.Answered;
import dev.tagma.gateway.egress.EgressRequest.Header;
import dev.tagma.mission.step.JsonBuffers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The conversation with one MCP server over streamable HTTP, as the Model Context Protocol's revision 2025-06-18 has it: initialised
 * at the first request, and once more where the server has forgotten the session.
 */
final class McpSession {
    static final JsonMapper JSON = JsonMapper.builder(JsonBuffers.factory())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String VERSION = "2025-06-18";
    private static final Set<String> VERSIONS = Set.of("2024-11-05", "2025-03-26", VERSION, "2025-11-25");
    private static final int SHOWN_ERROR = 1000;

    private final HttpEgress egress;
    private final McpServer server;
    private final LongSupplier nanoTime;
    private final AtomicLong ids = new AtomicLong();
    private final ReentrantLock initialising = new ReentrantLock();
    private volatile Agreed agreed;

    /** What both sides agreed on. {@code session} is null where the server keeps none. */
    private record Agreed(String session, String version) {}

    /** A request's time and the key under which it is made, null for none. */
    record Terms(Duration timeout, String idempotencyKey) {}

    private record Message(ObjectNode json, Agreed agreed, String idempotencyKey) {}

    McpSession(HttpEgress egress, McpServer server, LongSupplier nanoTime) {
        this.egress = egress;
        this.server = server;
        this.nanoTime = nanoTime;
    }

    /** Makes one request. It is sent a second time only where the server said that it had not looked at the first. */
    McpReply request(String method, ObjectNode params, Terms terms) {
        long deadline = nanoTime.getAsLong() + terms.timeout().toNanos();
        for (int attempt = 0; attempt < 2; attempt++) {
            Agreed with = agreed;
            if (with == null) {
                McpReply failed = initialise(deadline);
                if (failed != null) {
                    return failed;
                }
                with = agreed;
                if (with == null) {
                    continue;
                }
            }
            long id = ids.incrementAndGet();
            EgressReply reply =
                    post(new Message(message(id, method, params), with, terms.idempotencyKey()), id, deadline);
            if (reply instanceof Answered answered && answered.status() == 404 && with.session() != null) {
                forget(with);
            } else {
                return reply(reply, id);
            }
        }
        return new McpReply.Refused("the MCP server forgets each session at once");
    }

    /** Agrees with the server; null where that went well. Its failure means that the request itself was not sent. */
    private McpReply initialise(long deadline) {
        try {
            if (!initialising.tryLock(left(deadline).toNanos(), TimeUnit.NANOSECONDS)) {
                return new McpReply.NotSent("the MCP server did not initialise in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new McpReply.NotSent("interrupted");
        }
        try {
            return agreed != null ? null : handshake(deadline);
        } finally {
            initialising.unlock();
        }
    }

    private McpReply handshake(long deadline) {
        long id = ids.incrementAndGet();
        ObjectNode params = JSON.createObjectNode().put("protocolVersion", VERSION);
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "tagma").put("version", "1");
        EgressReply sent =
                post(new Message(message(id, "initialize", params), new Agreed(null, null), null), id, deadline);
        McpReply reply = reply(sent, id);
        if (!(reply instanceof McpReply.Result result) || !(sent instanceof Answered answered)) {
            return notSent(reply);
        }
        String version = result.result().path("protocolVersion").asText();
        if (!VERSIONS.contains(version)) {
            return new McpReply.Refused("the MCP server speaks the protocol version \"" + shorten(clean(version))
                    + "\", known are " + VERSIONS);
        }
        Agreed now = new Agreed(fitForHeader(answered.session()), version);
        ObjectNode initialized =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("method", "notifications/initialized");
        return switch (post(new Message(initialized, now, null), -1, deadline)) {
            case Answered a
            when a.status() / 100 == 2 -> {
                agreed = now;
                yield null;
            }
            case Answered a ->
                new McpReply.Refused("the MCP server answered HTTP " + a.status() + " to its initialisation");
            case EgressReply.NotSent n -> new McpReply.NotSent(n.reason());
            case EgressReply.Lost l -> new McpReply.NotSent(l.reason());
        };
    }

    private static McpReply notSent(McpReply reply) {
        return switch (reply) {
            case McpReply.Lost lost -> new McpReply.NotSent(lost.reason());
            case McpReply.NotSent notSent -> notSent;
            case McpReply.Refused refused -> refused;
            case McpReply.Result result -> new McpReply.Refused("the MCP server did not initialise");
        };
    }

    private static String fitForHeader(String session) {
        return session != null && session.matches("[\\x21-\\x7e]{1,1024}") ? session : null;
    }

    private void forget(Agreed old) {
        initialising.lock();
        try {
            if (agreed == old) {
                agreed = null;
            }
        } finally {
            initialising.unlock();
        }
    }

    private static ObjectNode message(long id, String method, ObjectNode params) {
        ObjectNode message =
                JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        message.set("params", params);
        return message;
    }

    private EgressReply post(Message message, long id, long deadline) {
        Duration left = left(deadline);
        if (left.isZero()) {
            return new EgressReply.NotSent("the time was up");
        }
        List<Header> headers = new ArrayList<>(server.headers().headers());
        headers.add(new Header("Accept", "application/json, text/event-stream"));
        if (message.agreed().version() != null) {
            headers.add(new Header("MCP-Protocol-Version", message.agreed().version()));
        }
        if (message.agreed().session() != null) {
            headers.add(new Header("Mcp-Session-Id", message.agreed().session()));
        }
        if (message.idempotencyKey() != null) {
            headers.add(new Header("Idempotency-Key", message.idempotencyKey()));
        }
        byte[] body = message.json().toString().getBytes(StandardCharsets.UTF_8);
        EgressRequest request = new EgressRequest("POST", server.url(), headers, body, server.allowed(), left);
        return egress.send(request, id < 0 ? BodyReader.BEGINNING : new McpBody(id));
    }

    private McpReply reply(EgressReply reply, long id) {
        return switch (reply) {
            case EgressReply.NotSent notSent -> new McpReply.NotSent(clean(notSent.reason()));
            case EgressReply.Lost lost -> new McpReply.Lost(clean(lost.reason()));
            case Answered answered
            when answered.status() / 100 != 2 ->
                new McpReply.Refused("the MCP server answered HTTP " + answered.status() + ": "
                        + shorten(clean(answered.body().text())));
            case Answered answered -> {
                JsonNode message = new McpBody(id).answer(clean(answered.body().text()));
                if (message == null) {
                    yield new McpReply.Lost(
                            "the MCP server answered HTTP " + answered.status() + " without a JSON-RPC result");
                }
                JsonNode error = message.path("error");
                yield error.isMissingNode()
                        ? new McpReply.Result(message.path("result"))
                        : new McpReply.Refused("the MCP server says: "
                                + shorten(error.path("message").asText()) + " (code "
                                + error.path("code").asInt() + ")");
            }
        };
    }

    private String clean(String text) {
        return server.headers().redact(text);
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN_ERROR ? text : text.substring(0, SHOWN_ERROR) + "...";
    }

    private Duration left(long deadline) {
        long nanos = deadline - nanoTime.getAsLong();
        return nanos < 1_000_000 ? Duration.ZERO : Duration.ofNanos(nanos);
    }
}

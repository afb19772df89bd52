package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** What tools an MCP server has, asked for at most once a minute; an answer is kept while the server is away. */
final class McpCatalog {
    private static final Duration FRESH = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_PAGES = 20;
    private static final int MAX_SCHEMA = 64 << 10;
    private static final int MAX_DESCRIPTION = 4096;
    private static final int MAX_NAME = 256;

    /** Characters that are kept of what a server tells of its tools: it is the server's to say how much it sends. */
    static final int MAX_LISTING = 512 << 10;

    private final McpSession session;
    private final LongSupplier nanoTime;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Listing last;

    /**
     * What is known.
     *
     * @param tools by the server's names
     * @param problem why the server could not be asked, or null
     * @param at when it was asked, in monotonic nanoseconds
     */
    record Listing(Map<String, JsonNode> tools, String problem, long at) {
        Listing {
            tools = Map.copyOf(tools);
        }
    }

    McpCatalog(McpSession session, LongSupplier nanoTime) {
        this.session = session;
        this.nanoTime = nanoTime;
    }

    /** The present listing; never fails. */
    Listing listing() {
        asking.lock();
        try {
            Listing known = last;
            if (known == null || expired(known)) {
                last = ask(known == null ? Map.of() : known.tools());
            }
            return last;
        } finally {
            asking.unlock();
        }
    }

    private boolean expired(Listing listing) {
        Duration kept = listing.problem() == null ? FRESH : RETRY;
        return nanoTime.getAsLong() - listing.at() >= kept.toNanos();
    }

    private Listing ask(Map<String, JsonNode> before) {
        Map<String, JsonNode> tools = new HashMap<>();
        int kept = 0;
        long deadline = nanoTime.getAsLong() + TIMEOUT.toNanos();
        String cursor = "";
        for (int page = 0; page < MAX_PAGES && cursor != null; page++) {
            ObjectNode params = McpSession.JSON.createObjectNode();
            if (!cursor.isEmpty()) {
                params.put("cursor", cursor);
            }
            Duration left = Duration.ofNanos(Math.max(0, deadline - nanoTime.getAsLong()));
            switch (session.request("tools/list", params, new McpSession.Terms(left, null))) {
                case McpReply.Result result -> {
                    for (JsonNode tool : result.result().path("tools")) {
                        String name = tool.path("name").asText();
                        if (name.length() > MAX_NAME) {
                            continue;
                        }
                        ObjectNode bounded = bounded(tool);
                        kept += name.length() + bounded.toString().length();
                        if (kept > MAX_LISTING) {
                            return new Listing(
                                    tools,
                                    "its server lists more than " + MAX_LISTING + " characters of tools",
                                    nanoTime.getAsLong());
                        }
                        tools.put(name, bounded);
                    }
                    cursor = result.result().path("nextCursor").asText(null);
                }
                case McpReply.Refused refused -> {
                    return new Listing(before, refused.reason(), nanoTime.getAsLong());
                }
                case McpReply.NotSent notSent -> {
                    return new Listing(before, notSent.reason(), nanoTime.getAsLong());
                }
                case McpReply.Lost lost -> {
                    return new Listing(before, lost.reason(), nanoTime.getAsLong());
                }
            }
        }
        return new Listing(tools, null, nanoTime.getAsLong());
    }

    /** What is used of it. A schema of unreasonable size is left out: it would go into every question to the model. */
    private static ObjectNode bounded(JsonNode tool) {
        String description = tool.path("description").asText();
        ObjectNode bounded = McpSession.JSON
                .createObjectNode()
                .put("description", description.substring(0, Math.min(description.length(), MAX_DESCRIPTION)));
        JsonNode schema = tool.path("inputSchema");
        if (schema.isObject() && schema.toString().length() <= MAX_SCHEMA) {
            bounded.set("inputSchema", schema);
        }
        return bounded;
    }
}

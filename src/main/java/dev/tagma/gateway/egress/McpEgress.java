package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.agent.tool.ArgumentSchema;
import dev.tagma.agent.tool.ToolOutput;
import dev.tagma.agent.tool.ToolPolicy;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.SideEffects;
import dev.tagma.mission.step.ToolDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Calls the tools of MCP servers over {@link HttpEgress}. Thread-safe; blocks its virtual thread. */
public final class McpEgress {
    private static final int KEPT_SERVERS = 256;

    private final HttpEgress egress;
    private final LongSupplier nanoTime;
    private final Map<McpServer, Reached> servers = new LinkedHashMap<>(16, 0.75f, true);

    private record Reached(McpSession session, McpCatalog catalog) {}

    /** Over {@code egress}; {@code nanoTime} is the monotonic clock. */
    public McpEgress(HttpEgress egress, LongSupplier nanoTime) {
        this.egress = egress;
        this.nanoTime = nanoTime;
    }

    ToolOutput call(McpServer server, Tool tool, OutsideCall call) {
        return switch (ArgumentSchema.of(tool.parameters()).read(call.call().arguments())) {
            case ArgumentSchema.Arguments.Invalid invalid -> ToolOutput.error(invalid.problem());
            case ArgumentSchema.Arguments.Valid valid -> call(server, tool, new Ready(valid.values(), call));
        };
    }

    private record Ready(ObjectNode arguments, OutsideCall call) {}

    private ToolOutput call(McpServer server, Tool tool, Ready ready) {
        ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", remoteName(tool));
        params.set("arguments", ready.arguments());
        String key = ToolPolicy.sideEffects(tool) == SideEffects.None
                ? null
                : ready.call().idempotencyKey();
        if (key != null) {
            params.putObject("_meta").put("tagma.dev/idempotencyKey", key);
        }
        McpReply reply = reached(server)
                .session()
                .request("tools/call", params, new McpSession.Terms(ready.call().timeout(), key));
        return switch (reply) {
            case McpReply.Result result -> {
                String text = McpContent.text(result.result());
                yield result.result().path("isError").asBoolean() ? ToolOutput.error(text) : ToolOutput.ok(text);
            }
            case McpReply.Refused refused -> ToolOutput.error("Failed: " + refused.reason());
            case McpReply.NotSent notSent -> ToolOutput.error("Not sent: " + notSent.reason() + ".");
            case McpReply.Lost lost -> OutsideTools.lost(tool, lost.reason());
        };
    }

    /** The tool as its server describes it; what the pool declares goes before. */
    ToolDefinition definition(McpServer server, Tool tool) {
        McpCatalog.Listing listing = reached(server).catalog().listing();
        JsonNode remote = listing.tools().get(remoteName(tool));
        if (remote == null) {
            return undescribed(
                    tool,
                    listing.problem() == null ? "its server lists no tool " + remoteName(tool) : listing.problem());
        }
        JsonNode schema = remote.path("inputSchema");
        return new ToolDefinition(
                tool.name(),
                tool.description() != null
                        ? tool.description()
                        : remote.path("description").asText(),
                tool.parameters() != null ? tool.parameters() : schema.isObject() ? schema : anyObject());
    }

    /** A definition for a tool whose server says nothing: the model may still try, and is told the trouble. */
    static ToolDefinition undescribed(Tool tool, String problem) {
        String known = tool.description() == null ? "" : tool.description() + " ";
        return new ToolDefinition(
                tool.name(),
                known + "(Not described at the moment: " + problem + ".)",
                tool.parameters() == null ? anyObject() : tool.parameters());
    }

    private static ObjectNode anyObject() {
        return JsonNodeFactory.instance.objectNode().put("type", "object");
    }

    private static String remoteName(Tool tool) {
        return tool.mcp().tool() == null ? tool.name() : tool.mcp().tool();
    }

    private Reached reached(McpServer server) {
        synchronized (servers) {
            Reached reached = servers.computeIfAbsent(server, key -> {
                McpSession session = new McpSession(egress, key, nanoTime);
                return new Reached(session, new McpCatalog(session, nanoTime));
            });
            if (servers.size() > KEPT_SERVERS) {
                servers.remove(servers.keySet().iterator().next());
            }
            return reached;
        }
    }
}

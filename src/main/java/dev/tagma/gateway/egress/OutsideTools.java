package dev.tagma.gateway.egress;

import dev.tagma.agent.tool.ToolChecks.Problem;
import dev.tagma.agent.tool.ToolOutput;
import dev.tagma.agent.tool.ToolPolicy;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.gateway.egress.EgressAudit.Cause;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Calls the tools that are outside the pod, in the pool's name. Thread-safe; blocks its virtual thread. */
public final class OutsideTools {
    private final HttpEgress egress;
    private final McpEgress mcp;
    private final SecretSource secrets;

    /** Over {@code egress}, and {@code mcp} for MCP servers; header values come from {@code secrets}. */
    public OutsideTools(HttpEgress egress, McpEgress mcp, SecretSource secrets) {
        this.egress = egress;
        this.mcp = mcp;
        this.secrets = secrets;
    }

    /**
     * Makes the call once. Whatever goes wrong is an output that the model can act on: Error where it had no effect or the server
     * says that it failed, Unknown where a tool with side effects may have taken effect.
     */
    public ToolOutput call(PoolRevision revision, Tool tool, OutsideCall call) {
        Cause cause = new Cause(
                pool(revision), tool.name(), call.mission(), call.call().id());
        return ScopedValue.where(Causes.CURRENT, cause).call(() -> made(revision, tool, call));
    }

    private ToolOutput made(PoolRevision revision, Tool tool, OutsideCall call) {
        try {
            if (tool.http() != null) {
                HttpTool http = new HttpTool(tool);
                return http.call(egress, call, headers(revision, tool.http().headers()));
            }
            return mcp.call(server(revision, tool), tool, call);
        } catch (IllegalArgumentException e) {
            return ToolOutput.error("The tool " + tool.name() + " cannot be called: " + e.getMessage() + ".");
        }
    }

    /**
     * How the tools are described: http tools by the pool, mcp tools by their servers, each asked by itself. Never fails: a server may be away.
     * Throws CancellationException where the caller is interrupted; the servers' answers are kept for the next who asks.
     */
    public List<ToolDefinition> definitions(PoolRevision revision, List<Tool> tools) {
        List<CompletableFuture<ToolDefinition>> asked = tools.stream()
                .map(tool ->
                        CompletableFuture.supplyAsync(() -> definition(revision, tool), Thread::startVirtualThread))
                .toList();
        return asked.stream().map(OutsideTools::answer).toList();
    }

    private static ToolDefinition answer(CompletableFuture<ToolDefinition> asked) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a server describes its tools");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a tool cannot be described", e.getCause());
        }
    }

    private ToolDefinition definition(PoolRevision revision, Tool tool) {
        return ScopedValue.where(Causes.CURRENT, new Cause(pool(revision), tool.name(), null, ""))
                .call(() -> described(revision, tool));
    }

    private static String pool(PoolRevision revision) {
        return revision.namespace() + "/" + revision.name();
    }

    private ToolDefinition described(PoolRevision revision, Tool tool) {
        try {
            return tool.http() != null ? new HttpTool(tool).definition() : mcp.definition(server(revision, tool), tool);
        } catch (IllegalArgumentException e) {
            return McpEgress.undescribed(tool, e.getMessage());
        }
    }

    /** What a schema cannot see in the outside tools of a pool: URLs, hosts and headers that cannot work. */
    public static List<Problem> check(List<Tool> tools) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < tools.size(); i++) {
            Tool tool = tools.get(i);
            try {
                if (tool.http() != null) {
                    new HttpTool(tool);
                    checkHeaders(tool.http().headers());
                } else if (tool.mcp() != null) {
                    McpServer.check(tool.mcp());
                    checkHeaders(tool.mcp().headers());
                }
            } catch (IllegalArgumentException e) {
                problems.add(
                        new Problem("spec.tools[" + i + "]." + (tool.http() != null ? "http" : "mcp"), e.getMessage()));
            }
        }
        return List.copyOf(problems);
    }

    private static void checkHeaders(List<Tool.Header> headers) {
        RequestHeaders.of(headers, (namespace, name, key) -> Optional.of("a-secret"), "");
    }

    private RequestHeaders headers(PoolRevision revision, List<Tool.Header> declared) {
        return RequestHeaders.of(declared, secrets, revision.namespace());
    }

    private McpServer server(PoolRevision revision, Tool tool) {
        return McpServer.of(
                revision.pool(), tool.mcp(), headers(revision, tool.mcp().headers()));
    }

    /** No whole answer came: for a tool without side effects that is all, for others nobody knows what it did. */
    static ToolOutput lost(Tool tool, String reason) {
        return switch (ToolPolicy.sideEffects(tool)) {
            case None -> ToolOutput.error("No answer: " + reason + ".");
            case Idempotent, NonIdempotent ->
                ToolOutput.unknown(
                        "Outcome unknown: " + reason
                                + ". The call may or may not have taken effect. Find out with another tool, or say so in the answer.");
        };
    }
}

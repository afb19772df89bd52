package dev.tagma.gateway.egress;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Mcp;
import java.util.UUID;
import okhttp3.HttpUrl;

/**
 * An MCP server as one pool reaches it: pools never share a session, even of the same server.
 *
 * @param pool UID of the pool
 * @param url of the server's MCP endpoint
 * @param headers for every request
 * @param allowed hosts that may have private addresses
 */
record McpServer(UUID pool, HttpUrl url, RequestHeaders headers, AllowedHosts allowed) {
    static McpServer of(UUID pool, Mcp mcp, RequestHeaders headers) {
        return new McpServer(pool, url(mcp), headers, AllowedHosts.of(mcp.allowedHosts()));
    }

    /** Throws IllegalArgumentException, which names the field, where the declaration cannot work. */
    static void check(Mcp mcp) {
        url(mcp);
        AllowedHosts.of(mcp.allowedHosts());
    }

    private static HttpUrl url(Mcp mcp) {
        if (!UrlTemplate.of(mcp.url()).arguments().isEmpty()) {
            throw new IllegalArgumentException("url: the URL of an MCP server has no arguments");
        }
        return HttpUrl.get(mcp.url());
    }
}

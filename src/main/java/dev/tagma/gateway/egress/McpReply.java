package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;

/** What became of a request to an MCP server. */
sealed interface McpReply {
    /** Its result. */
    record Result(JsonNode result) implements McpReply {}

    /** The server says no. */
    record Refused(String reason) implements McpReply {}

    /** The server never got it. */
    record NotSent(String reason) implements McpReply {}

    /** The server may have acted on it, and no answer came. */
    record Lost(String reason) implements McpReply {}
}

package dev.tagma.gateway.egress;

/** What became of a request. */
sealed interface EgressReply {
    /**
     * The server answered.
     *
     * @param status of HTTP
     * @param contentType in lower case, without parameters; empty where the server told none
     * @param session the MCP session that the server named, or null
     * @param location where a redirect that was not followed leads to, or null
     * @param body what was read of it
     */
    record Answered(int status, String contentType, String session, String location, Body body)
            implements EgressReply {}

    /** Nothing was sent: the address is not allowed, nobody answers there, or the time was up before. */
    record NotSent(String reason) implements EgressReply {}

    /** The request left and no whole answer came back: the server may have acted on it. */
    record Lost(String reason) implements EgressReply {}

    /**
     * What was read of a body.
     *
     * @param text decoded; what is invalid in its character set became U+FFFD
     * @param unread bytes that were not read, or a negative number where nobody knows how many
     */
    record Body(String text, long unread) {}
}

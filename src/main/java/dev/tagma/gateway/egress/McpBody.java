package dev.tagma.gateway.egress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.gateway.egress.EgressReply.Body;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Reads the answer to one JSON-RPC request: a JSON body, or a stream of events, of which everything else (progress, logging, requests
 * of the server) is passed over and which is left as soon as the answer is there.
 *
 * @param id of the request
 */
record McpBody(long id) implements BodyReader {
    /** Most bytes of an answer, with all events before it: 4 MiB. */
    static final int LIMIT = 4 << 20;

    @Override
    public Body read(InputStream in, Arriving arriving) throws IOException {
        InputStream bounded = new BoundedStream(in);
        if (!arriving.contentType().equals("text/event-stream")) {
            return new Body(new String(bounded.readAllBytes(), StandardCharsets.UTF_8), 0);
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(bounded, StandardCharsets.UTF_8));
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(line.startsWith("data: ") ? 6 : 5));
            } else if (line.isEmpty() && !data.isEmpty()) {
                if (answer(data.toString()) != null) {
                    return new Body(data.toString(), 0);
                }
                data.setLength(0);
            }
        }
        if (answer(data.toString()) != null) {
            return new Body(data.toString(), 0);
        }
        throw new IOException("the stream of events ended before the answer");
    }

    /** The answer to this request in {@code json}, which may be a batch; null where it holds none. */
    JsonNode answer(String json) {
        JsonNode tree;
        try {
            tree = McpSession.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return null;
        }
        for (JsonNode message :
                tree.isArray() ? tree : McpSession.JSON.createArrayNode().add(tree)) {
            boolean reply = message.has("result") || message.has("error");
            if (reply && message.path("id").asText().equals(Long.toString(id))) {
                return message;
            }
        }
        return null;
    }

    private static final class BoundedStream extends FilterInputStream {
        private long left = LIMIT;

        BoundedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return count(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            return count(read, read);
        }

        private int count(int answer, int read) throws IOException {
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new IOException("the answer is larger than " + LIMIT + " bytes");
            }
            return answer;
        }
    }
}

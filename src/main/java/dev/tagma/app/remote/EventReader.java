package dev.tagma.app.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events, as the HTML standard describes them. */
final class EventReader {
    private final BufferedReader lines;
    private String lastId;

    EventReader(InputStream stream) {
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** An event; its id is the last one that the stream gave, or null before any. */
    record Event(String id, String name, String data) {}

    /** The next event that says something, or null at the end of the stream: an event that ends with the stream is none. */
    Event next() throws IOException {
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    return new Event(lastId, name, data.substring(0, data.length() - 1));
                }
                name = "message";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (field) {
                case "event" -> name = value;
                case "data" -> data.append(value).append('\n');
                case "id" -> lastId = value;
                default -> {
                    // a comment, or a field of a later standard
                }
            }
        }
        return null;
    }
}

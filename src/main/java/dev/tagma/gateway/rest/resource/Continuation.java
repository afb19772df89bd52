package dev.tagma.gateway.rest.resource;

import dev.tagma.gateway.rest.http.ProblemException;
import dev.tagma.mission.Digest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;

/** Where a page ended: a place in the order, which stays where it is while missions come and go. */
record Continuation(MissionItem.Place place) {
    private static final int PARTS = 4;
    private static final int MARK = 16;

    /** As callers hand it back; good for the same query and order alone. */
    String write(String query, MissionOrder order) {
        String text = String.join("\n", mark(query), order.text(place), place.namespace(), place.name());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static Continuation read(String text, String query, MissionOrder order) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", -1);
            if (parts.length == PARTS) {
                if (!parts[0].equals(mark(query))) {
                    throw ProblemException.parameter(
                            "continue", "continue belongs to a list with other parameters: start from the first page");
                }
                return new Continuation(order.place(parts[1], parts[2], parts[3]));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // said below
        }
        throw ProblemException.parameter(
                "continue", "continue must be what a page gave as its continue: start from the first page");
    }

    private static String mark(String query) {
        return Digest.sha256(query.getBytes(StandardCharsets.UTF_8)).hex().substring(0, MARK);
    }
}

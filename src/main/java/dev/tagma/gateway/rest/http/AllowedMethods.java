package dev.tagma.gateway.rest.http;

import java.util.regex.Pattern;

/** The methods that a path knows, as the header Allow has them. */
final class AllowedMethods {
    private static final Pattern COLLECTION = Pattern.compile(".*/namespaces/[^/]+/missions/?");
    private static final Pattern MISSION = Pattern.compile(".*/namespaces/[^/]+/missions/[^/]+/?");

    private AllowedMethods() {}

    static String of(String path) {
        if (COLLECTION.matcher(path).matches()) {
            return "GET, HEAD, POST, OPTIONS";
        }
        return MISSION.matcher(path).matches() ? "GET, HEAD, PATCH, DELETE, OPTIONS" : "GET, HEAD, OPTIONS";
    }
}

package dev.tagma.model.provider;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names and ids of tool calls as every provider takes them back. A model may have made up any name, and after a failover the ids are
 * those of another provider; what one provider wrote, the next one refuses with the whole conversation.
 */
final class SafeNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final int LONGEST_NAME = 64;

    private SafeNames() {}

    /** The name, or what comes closest to it. */
    static String name(String name) {
        if (NAME.matcher(name).matches()) {
            return name;
        }
        String replaced = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return replaced.isEmpty() ? "unnamed" : replaced.substring(0, Math.min(LONGEST_NAME, replaced.length()));
    }

    /** The id, or one that stands for it: the same for the same id. */
    static String id(String id) {
        return ID.matcher(id).matches()
                ? id
                : UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }
}

package dev.tagma.manifest;

import java.nio.file.Path;

/**
 * What is wrong with a manifest, and where.
 *
 * @param file as it was named
 * @param line from 1, or 0 for the file as a whole
 * @param object {@code Kind namespace/name} as far as it is known, or empty
 * @param field such as {@code spec.agents[0].name}, or empty for the object as a whole
 * @param message in the API server's words
 * @param meant the word that may have been meant, or empty
 */
public record Problem(Path file, int line, String object, String field, String message, String meant) {
    Problem(Path file, int line, String object, String field, String message) {
        this(file, line, object, field, message, "");
    }

    /** {@code file:line: Kind namespace/name: field: message}, without what is not known. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file.toString());
        if (line > 0) {
            text.append(':').append(line);
        }
        for (String part : new String[] {object, field, message}) {
            if (!part.isEmpty()) {
                text.append(": ").append(part);
            }
        }
        return meant.isEmpty() ? text.toString() : text + ": did you mean \"" + meant + "\"?";
    }
}

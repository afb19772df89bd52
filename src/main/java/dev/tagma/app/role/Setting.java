package dev.tagma.app.role;

import java.util.Objects;

/**
 * A variable of the environment that a role reads.
 *
 * @param name such as {@code TAGMA_DATABASE_URL}
 * @param fallback what holds where it is not set; null where it must be
 * @param says what it is, for people, with an example where its form is not plain
 */
record Setting(String name, String fallback, String says) {
    Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(says, "says");
    }

    static Setting required(String name, String says) {
        return new Setting(name, null, says);
    }

    static Setting optional(String name, String fallback, String says) {
        return new Setting(name, Objects.requireNonNull(fallback, name), says);
    }

    boolean required() {
        return fallback == null;
    }

    /** A line of the role's help. */
    String help() {
        String note = required() ? " (required)" : fallback.isEmpty() ? "" : " (default: " + fallback + ")";
        return "  %-28s  %s%s".formatted(name, says, note);
    }
}

package dev.tagma.manifest;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A field that breaks its schema.
 *
 * @param kind what the API server calls the trouble
 * @param message with the kind's words
 * @param meant the word that may have been meant, which the API server does not say; or empty
 */
record Violation(String field, Kind kind, String message, String meant) {
    Violation(String field, Kind kind, String message) {
        this(field, kind, message, "");
    }

    /** Kinds of trouble; with those that block, rules are not asked, since they could not be evaluated. */
    enum Kind {
        Required(true),
        Invalid(false),
        InvalidType(true),
        TooLong(true),
        TooMany(true),
        NotSupported(true),
        Duplicate(false),
        Unevaluated(false),
        Unknown(false);

        private final boolean blocking;

        Kind(boolean blocking) {
            this.blocking = blocking;
        }
    }

    boolean blocking() {
        return kind.blocking;
    }

    static Violation required(String field) {
        return new Violation(field, Kind.Required, "Required value");
    }

    /** {@code known} are the names that may stand in its place. */
    static Violation unknown(String field, String name, Collection<String> known) {
        return new Violation(
                field,
                Kind.Unknown,
                "unknown field " + quoted(field),
                Nearest.to(name, known).orElse(""));
    }

    static Violation type(String field, String wanted, String actual) {
        return new Violation(
                field,
                Kind.InvalidType,
                body(quoted(actual), field, "must be of type " + wanted + ": " + quoted(actual)));
    }

    /** {@code value} as JSON writes it; {@code rule} such as {@code should match '...'}. */
    static Violation invalid(String field, String value, String rule) {
        return new Violation(field, Kind.Invalid, body(value, field, rule));
    }

    /** A rule of the schema that the object of this field breaks. */
    static Violation rule(String field, String message) {
        return new Violation(field, Kind.Invalid, "Invalid value: \"object\": " + message);
    }

    /** A rule that could not be evaluated, mostly because a value that it reads is invalid by itself. */
    static Violation unevaluated(String field, String error, String message) {
        return new Violation(
                field, Kind.Unevaluated, "Invalid value: \"object\": " + error + " evaluating rule: " + message);
    }

    static Violation tooLong(String field, long max) {
        return new Violation(field, Kind.TooLong, "Too long: may not be more than " + max + " bytes");
    }

    static Violation tooMany(String field, int count, long max) {
        return new Violation(field, Kind.TooMany, "Too many: " + count + ": must have at most " + max + " items");
    }

    static Violation notSupported(String field, String value, Collection<String> supported) {
        String all = supported.stream().map(Violation::quoted).collect(Collectors.joining(", "));
        return new Violation(
                field, Kind.NotSupported, "Unsupported value: " + quoted(value) + ": supported values: " + all);
    }

    static Violation duplicate(String field, String value) {
        return new Violation(field, Kind.Duplicate, "Duplicate value: " + value);
    }

    private static String body(String value, String field, String rule) {
        return "Invalid value: " + value + ": " + field + " in body " + rule;
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}

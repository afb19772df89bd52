package dev.tagma.api.v1alpha1;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the API writes them: one to four numbers of up to five digits with h, m, s or ms, such as {@code 1m30s}. */
public final class Durations {
    /** What a duration looks like, for schemas. */
    public static final String PATTERN = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

    private static final Pattern WHOLE = Pattern.compile(PATTERN);
    private static final Pattern PART = Pattern.compile("([0-9]{1,5})(ms|h|m|s)");

    private Durations() {}

    /** The duration that {@code text} writes; throws IllegalArgumentException, which names the fix, where it writes none. */
    public static Duration parse(String text) {
        if (text == null || !WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no duration: write numbers with h, m, s or ms, such as 1m30s");
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long amount = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "h" -> Duration.ofHours(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        default -> Duration.ofMillis(amount);
                    });
        }
        return sum;
    }

    /** {@code text} as a duration, or {@code otherwise} where it is null. */
    public static Duration parseOr(String text, Duration otherwise) {
        return text == null ? otherwise : parse(text);
    }

    /** The duration of a field, or {@code otherwise} where it is not set; the message of what is thrown begins with the field. */
    public static Duration parse(String field, String text, Duration otherwise) {
        try {
            return parseOr(text, otherwise);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }
}

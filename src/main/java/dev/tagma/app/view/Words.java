package dev.tagma.app.view;

import java.time.Duration;
import java.util.Locale;

/** Numbers, times and foreign text as people read them in a terminal. */
public final class Words {
    private static final char REPLACEMENT = '\uFFFD';

    private Words() {}

    /** {@code 950}, {@code 12.3k}, {@code 1.2M}. */
    public static String count(long number) {
        if (number < 1_000) {
            return Long.toString(number);
        }
        // 999,950 would otherwise round to 1000.0k
        return number < 999_950
                ? String.format(Locale.ROOT, "%.1fk", number / 1e3)
                : String.format(Locale.ROOT, "%.1fM", number / 1e6);
    }

    /** {@code 850ms}, {@code 12.3s}, {@code 2m05s}, {@code 1h02m}. */
    public static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1_000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%d.%ds", millis / 1_000, millis % 1_000 / 100);
        }
        long seconds = millis / 1_000;
        return seconds < 3_600
                ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%dh%02dm", seconds / 3_600, seconds % 3_600 / 60);
    }

    /** {@code 1 mission}, {@code 3 missions}. */
    public static String plural(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * Text from a model or a tool without what would command the terminal: control characters but line feed and tab are replaced,
     * as are the marks that reorder text.
     */
    public static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.replace("\r\n", "\n")
                .codePoints()
                .map(c -> commands(c) ? REPLACEMENT : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean commands(int c) {
        boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean reorders = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        return control || reorders || Character.getType(c) == Character.SURROGATE;
    }

    /** The same on one line. */
    public static String oneLine(String text) {
        return printable(text).replaceAll("\\s+", " ").strip();
    }

    /** At most {@code width} code points, with an ellipsis where it was cut. */
    public static String cut(String text, int width) {
        if (text.codePointCount(0, text.length()) <= width) {
            return text;
        }
        return width <= 1 ? "…" : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }
}

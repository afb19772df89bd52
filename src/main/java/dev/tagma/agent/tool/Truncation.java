package dev.tagma.agent.tool;

/** Cuts the output of tools to what a model is shown: 10 KiB of UTF-8 and a marker that says how much is missing. */
public final class Truncation {
    /** Most bytes of UTF-8 that a model is shown of one output, without the marker. */
    public static final int LIMIT = 10 * 1024;

    private static final char REPLACEMENT = '\uFFFD';

    private Truncation() {}

    /**
     * Text for a model.
     *
     * @param shown at most {@link #LIMIT} bytes of UTF-8, and a marker where it was cut
     * @param truncatedFrom bytes before the cut; 0 where nothing was cut
     */
    public record Text(String shown, long truncatedFrom) {}

    /** {@code output}, cut where it is too long; unpaired surrogates become U+FFFD. What is cut is counted, not copied. */
    public static Text of(String output) {
        return of(output, 0);
    }

    /**
     * The same for the beginning of an output.
     *
     * @param unread bytes that follow {@code output} and were not read, or a negative number where nobody knows how many
     */
    public static Text of(String output, long unread) {
        int fits = 0;
        int bytes = 0;
        while (fits < output.length()) {
            int point = output.codePointAt(fits);
            if (bytes + width(point) > LIMIT) {
                break;
            }
            bytes += width(point);
            fits += Character.charCount(point);
        }
        if (fits == output.length() && unread == 0) {
            return new Text(wellFormed(output), 0);
        }
        long missing = length(output, fits) + Math.max(unread, 0);
        String count = unread < 0 ? "more than " + missing : missing + " of " + (bytes + missing);
        return new Text(
                wellFormed(output.substring(0, fits)) + "\n[cut here: " + count + " bytes are missing]",
                bytes + missing);
    }

    private static long length(String text, int from) {
        long bytes = 0;
        for (int i = from; i < text.length(); ) {
            int point = text.codePointAt(i);
            bytes += width(point);
            i += Character.charCount(point);
        }
        return bytes;
    }

    private static int width(int point) {
        if (point < 0x80) {
            return 1;
        }
        if (point < 0x800) {
            return 2;
        }
        return point < 0x10000 ? 3 : 4;
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return replaceUnpaired(text);
            }
        }
        return text;
    }

    private static String replaceUnpaired(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(point ->
                        point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? REPLACEMENT : point)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}

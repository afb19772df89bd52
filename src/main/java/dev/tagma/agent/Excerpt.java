package dev.tagma.agent;

import java.nio.charset.StandardCharsets;

/**
 * A text cut to what a model is shown of it.
 *
 * @param text the beginning, and a marker where it was cut
 * @param truncatedFrom bytes in UTF-8 before the cut; 0 where nothing was cut
 */
public record Excerpt(String text, long truncatedFrom) {
    /** Longest output of a tool in bytes: 10 KiB. */
    public static final int TOOL_OUTPUT = 10 << 10;

    /** At most {@code limit} bytes of {@code text} in UTF-8, never half a character, then the marker. */
    public static Excerpt of(String text, int limit) {
        if (text.length() <= limit / 3) {
            return new Excerpt(text, 0);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= limit) {
            return new Excerpt(text, 0);
        }
        int end = limit;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        String marker = "\n[cut: " + end + " of " + bytes.length + " bytes shown]";
        return new Excerpt(new String(bytes, 0, end, StandardCharsets.UTF_8) + marker, bytes.length);
    }
}

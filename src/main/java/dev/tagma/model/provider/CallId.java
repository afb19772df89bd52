package dev.tagma.model.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a scripted tool call. It says where the script stands, so that a conversation of which the history window has cut the
 * beginning still tells it, and no counter has to be kept.
 *
 * @param turn how many replies came before
 * @param position within the reply
 * @param index the element of a forEach, or how many calls of this tool came before
 */
record CallId(int turn, int position, int index) {
    private static final Pattern FORM = Pattern.compile("call_([0-9]{1,6})_([0-9]{1,6})_([0-9]{1,6})");

    /** The id that {@code text} is, or null where another model made it. */
    static CallId parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new CallId(
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)))
                : null;
    }

    @Override
    public String toString() {
        return "call_" + turn + "_" + position + "_" + index;
    }
}

package dev.tagma.model.provider;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The id of a scripted tool call. It says where the script stands after the call's reply, so that a conversation of which the history
 * window has cut the beginning still tells it, and no counter has to be kept.
 *
 * @param turn how many replies came before
 * @param position within the reply
 * @param index how many calls of the same tool came before: of a forEach, the element
 * @param next by tool of the script, in its order: the index of the next call
 */
record CallId(int turn, int position, int index, List<Integer> next) {
    private static final Pattern FORM =
            Pattern.compile("call_([0-9]{1,6})_([0-9]{1,6})_([0-9]{1,6})_([0-9]{1,6}(?:-[0-9]{1,6})*)");

    CallId {
        next = List.copyOf(next);
    }

    /** The id that {@code text} is, or null where another model made it. */
    static CallId parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new CallId(
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)),
                        Arrays.stream(form.group(4).split("-"))
                                .map(Integer::valueOf)
                                .toList())
                : null;
    }

    @Override
    public String toString() {
        return "call_" + turn + "_" + position + "_" + index + "_"
                + next.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }
}

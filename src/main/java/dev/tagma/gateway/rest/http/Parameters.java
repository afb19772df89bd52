package dev.tagma.gateway.rest.http;

import java.util.regex.Pattern;

/** Reads parameters, and says which one is wrong. */
public final class Parameters {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");
    private static final int NAME_MAX = 253;
    private static final int SHOWN = 80;

    private Parameters() {}

    /** A whole number between bounds. */
    public static long number(String name, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with the bounds
        }
        throw ProblemException.parameter(
                name,
                name + " is a whole number " + (most == Long.MAX_VALUE ? "from " + least : least + " to " + most)
                        + ", not " + shown(text));
    }

    /** The name of a namespace; nothing else ever becomes part of a path of the API server. */
    public static String namespace(String text) {
        if (!LABEL.matcher(text).matches()) {
            throw ProblemException.parameter("namespace", "no namespace is named " + shown(text));
        }
        return text;
    }

    /** The name of an object. */
    public static String name(String text) {
        if (text.length() > NAME_MAX || !SUBDOMAIN.matcher(text).matches()) {
            throw ProblemException.parameter("name", "no object is named " + shown(text));
        }
        return text;
    }

    /** What was given, cut to what a message can hold. */
    public static String shown(String text) {
        return "\"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + "\"";
    }
}

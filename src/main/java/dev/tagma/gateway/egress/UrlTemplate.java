package dev.tagma.gateway.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** A URL with {@code {argument}} in its path or query: arguments choose what is asked for, never whom. */
final class UrlTemplate {
    private static final Pattern ARGUMENT = Pattern.compile("\\{([A-Za-z0-9_.-]{1,64})\\}");
    private static final Pattern SHAPE = Pattern.compile("(?i)https?://([^/?#\\\\]+)([/?][^#]*)?");
    private static final Pattern DOTS = Pattern.compile("(\\.|%2[eE]){1,2}");

    private final String template;
    private final Set<String> arguments;

    private UrlTemplate(String template, Set<String> arguments) {
        this.template = template;
        this.arguments = arguments;
    }

    /** The template; throws IllegalArgumentException, which says what is wrong with it. */
    static UrlTemplate of(String template) {
        Matcher shape = SHAPE.matcher(template == null ? "" : template);
        if (!shape.matches()) {
            throw new IllegalArgumentException(
                    "url: \"" + template + "\" must begin with http:// or https:// and a host, and have no fragment");
        }
        String authority = shape.group(1);
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("url: no user or password in it, use headers with a secretKeyRef");
        }
        if (authority.indexOf('{') >= 0) {
            throw new IllegalArgumentException(
                    "url: the host is fixed, arguments may stand only in the path and the query");
        }
        Set<String> arguments = new LinkedHashSet<>();
        Matcher argument = ARGUMENT.matcher(template);
        while (argument.find()) {
            arguments.add(argument.group(1));
        }
        String rest = ARGUMENT.matcher(template).replaceAll("x");
        if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
            throw new IllegalArgumentException("url: { and } stand only around the name of an argument");
        }
        if (HttpUrl.parse(rest) == null) {
            throw new IllegalArgumentException("url: \"" + template + "\" is no URL");
        }
        return new UrlTemplate(template, arguments);
    }

    /** The names between braces. */
    Set<String> arguments() {
        return Set.copyOf(arguments);
    }

    /** The URL with the arguments in it; throws IllegalArgumentException, which names the argument, where one does not fit. */
    HttpUrl expand(ObjectNode values) {
        StringBuilder out = new StringBuilder();
        Matcher argument = ARGUMENT.matcher(template);
        while (argument.find()) {
            argument.appendReplacement(out, Matcher.quoteReplacement(encode(text(argument.group(1), values))));
        }
        argument.appendTail(out);
        String expanded = out.toString();
        int query = expanded.indexOf('?');
        for (String segment : (query < 0 ? expanded : expanded.substring(0, query)).split("/")) {
            if (DOTS.matcher(segment).matches()) {
                throw new IllegalArgumentException("an argument may not change the path by . or ..");
            }
        }
        return HttpUrl.get(expanded);
    }

    private static String text(String name, ObjectNode values) {
        JsonNode value = values.path(name);
        if (!value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException(
                    "argument " + name + " is required, as text or number: it is part of the URL");
        }
        if (value.asText().isEmpty()) {
            throw new IllegalArgumentException("argument " + name + " is empty: it is part of the URL");
        }
        return value.asText();
    }

    /** Percent-encoding of everything but the unreserved characters of RFC 3986, section 2.3. */
    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean unreserved = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            out.append(unreserved ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return out.toString();
    }
}

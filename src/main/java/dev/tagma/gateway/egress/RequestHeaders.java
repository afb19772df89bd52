package dev.tagma.gateway.egress;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.gateway.egress.EgressRequest.Header;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The headers of a tool with their values, and the secrets among them, which are taken out of whatever comes back.
 *
 * @param headers ready to be sent
 * @param secrets texts that nobody may see, longest first
 */
record RequestHeaders(List<Header> headers, List<String> secrets) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]{0,8192}");
    // these frame the message or name the host: the client writes them
    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "idempotency-key",
            "content-type");
    private static final int SHORTEST_SECRET = 4;
    private static final int SHORTEST_SECRET_PART = 8;

    RequestHeaders {
        headers = List.copyOf(headers);
        secrets = List.copyOf(secrets);
    }

    @Override
    public String toString() {
        return "RequestHeaders" + headers.stream().map(Header::name).toList();
    }

    /**
     * The declared headers with values from secrets of {@code namespace} and no other. Throws IllegalArgumentException, which names
     * the header or the secret but shows no value.
     */
    static RequestHeaders of(List<Tool.Header> declared, SecretSource secrets, String namespace) {
        List<Header> headers = new ArrayList<>();
        Set<String> hidden = new LinkedHashSet<>();
        for (Tool.Header header : declared == null ? List.<Tool.Header>of() : declared) {
            checkName(header.name());
            KeyRef ref = header.valueFrom() == null ? null : header.valueFrom().secretKeyRef();
            String value = ref == null ? header.value() : secret(secrets, namespace, ref);
            if (value == null || !VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("headers: the value of " + header.name()
                        + (ref == null ? "" : ", which the secret " + ref.name() + " holds under " + ref.key() + ",")
                        + " must be printable ASCII without line breaks (does it end with one?)");
            }
            if (ref != null) {
                hide(value, hidden);
            }
            headers.add(new Header(header.name(), value));
        }
        return new RequestHeaders(
                headers,
                hidden.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList());
    }

    private static String secret(SecretSource secrets, String namespace, KeyRef ref) {
        return secrets.read(namespace, ref.name(), ref.key())
                .orElseThrow(() -> new IllegalArgumentException(
                        "headers: there is no key " + ref.key() + " in a secret " + namespace + "/" + ref.name()));
    }

    /** A value such as "Bearer abc" is hidden as a whole, and so are its long parts, which a server may echo alone. */
    private static void hide(String value, Set<String> hidden) {
        if (value.strip().length() >= SHORTEST_SECRET) {
            hidden.add(value);
        }
        for (String part : value.split("[\\s,;=]+")) {
            if (part.length() >= SHORTEST_SECRET_PART) {
                hidden.add(part);
            }
        }
    }

    /** Throws IllegalArgumentException for a header that a tool may not set. */
    static void checkName(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("headers: \"" + name + "\" is no header name");
        }
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("headers: " + name + " is set by the gateway, leave it out");
        }
    }

    /** {@code text} without the secrets. */
    String redact(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "[redacted]");
            String escaped = escaped(secret);
            if (!escaped.equals(secret)) {
                clean = clean.replace(escaped, "[redacted]");
            }
        }
        return clean;
    }

    /** As the secret looks inside of a JSON string. */
    private static String escaped(String secret) {
        return secret.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}

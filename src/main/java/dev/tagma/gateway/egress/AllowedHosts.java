package dev.tagma.gateway.egress;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that may have private addresses: {@code host}, {@code host:port} or {@code *.domain}, which means every name below the domain
 * but not the domain itself. Case does not count.
 */
record AllowedHosts(List<Entry> entries) {
    static final AllowedHosts NONE = new AllowedHosts(List.of());

    private static final Pattern ENTRY =
            Pattern.compile("(\\*\\.)?(\\[[0-9a-f:.]+\\]|[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)(:([0-9]{1,5}))?");

    AllowedHosts {
        entries = List.copyOf(entries);
    }

    /** One of them; the port is -1 for any. */
    record Entry(boolean below, String host, int port) {
        boolean matches(String wanted, int wantedPort) {
            boolean name = below ? wanted.endsWith("." + host) : wanted.equals(host);
            return name && (port < 0 || port == wantedPort);
        }
    }

    /** The hosts listed, none for null; throws IllegalArgumentException, which names the entry, for one that is no host. */
    static AllowedHosts of(List<String> listed) {
        return listed == null
                ? NONE
                : new AllowedHosts(listed.stream().map(AllowedHosts::entry).toList());
    }

    private static Entry entry(String written) {
        Matcher matcher = ENTRY.matcher(written.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("allowedHosts: \"" + written
                    + "\" is no host: write example.com, example.com:8080, *.example.com or [::1]:8080");
        }
        String port = matcher.group(5);
        return new Entry(matcher.group(1) != null, bare(matcher.group(2)), port == null ? -1 : Integer.parseInt(port));
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether the pool's author vouches for the host. */
    boolean allow(String host, int port) {
        String wanted = bare(host.toLowerCase(Locale.ROOT));
        return entries.stream().anyMatch(entry -> entry.matches(wanted, port));
    }
}

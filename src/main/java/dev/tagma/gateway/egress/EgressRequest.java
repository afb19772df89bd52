package dev.tagma.gateway.egress;

import java.time.Duration;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * One request to the outside.
 *
 * @param method in capitals
 * @param url already checked to be http or https without user information
 * @param headers in order; not sent on to another host by a redirect
 * @param body JSON, or null for none
 * @param allowed hosts that may have private addresses
 * @param timeout for everything: resolving, redirects, and the body to its end
 */
record EgressRequest(
        String method, HttpUrl url, List<Header> headers, byte[] body, AllowedHosts allowed, Duration timeout) {
    /** A header whose name and value are fit to be sent. */
    record Header(String name, String value) {}

    EgressRequest {
        headers = List.copyOf(headers);
    }

    /** Whether a second request of this kind changes nothing, so that a redirect of it may be followed. */
    boolean safe() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Where a redirect leads to: without the headers unless it is the same origin. */
    EgressRequest redirected(HttpUrl to, Duration left) {
        boolean sameOrigin =
                to.scheme().equals(url.scheme()) && to.host().equals(url.host()) && to.port() == url.port();
        return new EgressRequest(method, to, sameOrigin ? headers : List.of(), body, allowed, left);
    }
}

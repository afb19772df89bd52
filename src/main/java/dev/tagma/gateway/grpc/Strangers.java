package dev.tagma.gateway.grpc;

import dev.tagma.gateway.access.AccessUnavailableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Bounds the calls of one address about whose tokens Kubernetes is being asked: whoever makes up tokens by the thousand waits in line behind
 * itself, and keeps nobody else from being known.
 */
final class Strangers {
    /** Of one address at a time; those whose token was vouched for before do not count. */
    static final int MAX_ASKING = 256;

    private final Map<Object, Integer> asking = new ConcurrentHashMap<>();

    /** The answer to {@code question}. Throws {@link AccessUnavailableException} where too many of {@code peer} wait for theirs. */
    <T> T ask(SocketAddress peer, Supplier<T> question) {
        Object from = address(peer);
        int now = asking.merge(from, 1, Integer::sum);
        try {
            if (now > MAX_ASKING) {
                throw new AccessUnavailableException("too many tokens of " + from + " are being looked at", null);
            }
            return question.get();
        } finally {
            asking.computeIfPresent(from, (address, calls) -> calls == 1 ? null : calls - 1);
        }
    }

    private static Object address(SocketAddress peer) {
        InetAddress address = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return address == null ? "an unknown address" : address;
    }
}

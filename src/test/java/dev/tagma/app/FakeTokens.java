package dev.tagma.app;

import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.access.UnauthenticatedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Vouches for the tokens of pods, until they expire or it is away. */
final class FakeTokens implements Authenticator {
    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private volatile boolean away;

    /** A token of a pod that runs under this account, {@code namespace:name}. */
    String issue(String account, String pod, UUID podUid) {
        String token = UUID.randomUUID().toString();
        callers.put(
                token,
                new Caller(
                        "system:serviceaccount:" + account,
                        "",
                        Set.of(),
                        Map.of(
                                "authentication.kubernetes.io/pod-name", List.of(pod),
                                "authentication.kubernetes.io/pod-uid", List.of(podUid.toString()))));
        return token;
    }

    void expire(String token) {
        callers.remove(token);
    }

    void away(boolean now) {
        away = now;
    }

    @Override
    public Caller authenticate(String token, String audience) {
        if (away) {
            throw new AccessUnavailableException("the API server is away", null);
        }
        if (!audience.equals(RUNTIME_AUDIENCE) || !callers.containsKey(token)) {
            throw new UnauthenticatedException("nobody vouches for this token");
        }
        return callers.get(token);
    }
}

package dev.tagma.gateway.grpc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.access.UnauthenticatedException;
import dev.tagma.mission.Digest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/** Learns who calls from the token of each call, before anything of its message is read. */
final class TokenInterceptor implements ServerInterceptor {
    /** Whoever makes the present call. */
    static final Context.Key<Caller> CALLER = Context.key("caller");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    /** While Kubernetes cannot be asked, a token that it vouched for so lately is good still: its outage fences no runtime. */
    private static final Duration VOUCHED = Duration.ofMinutes(5);

    private static final int MAX_TOKENS = 10_000;

    private final Authenticator authenticator;
    private final Cache<Digest, Caller> vouched = Caffeine.newBuilder()
            .expireAfterWrite(VOUCHED)
            .maximumSize(MAX_TOKENS)
            .build();
    private final Strangers strangers = new Strangers();

    TokenInterceptor(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Caller caller;
        try {
            caller = authenticate(
                    headers.get(AUTHORIZATION), call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        } catch (RuntimeException e) {
            StatusRuntimeException failure = Failures.of(e);
            call.close(failure.getStatus(), failure.getTrailers() == null ? new Metadata() : failure.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
    }

    private Caller authenticate(String header, SocketAddress peer) {
        if (header == null || !header.startsWith(BEARER)) {
            throw new UnauthenticatedException("give the pod's projected token of audience "
                    + Authenticator.RUNTIME_AUDIENCE + " in the metadata authorization: Bearer ...");
        }
        String token = header.substring(BEARER.length());
        Digest digest = Digest.sha256(token.getBytes(StandardCharsets.UTF_8));
        try {
            Supplier<Caller> question = () -> authenticator.authenticate(token, Authenticator.RUNTIME_AUDIENCE);
            Caller caller = vouched.getIfPresent(digest) == null ? strangers.ask(peer, question) : question.get();
            vouched.put(digest, caller);
            return caller;
        } catch (UnauthenticatedException e) {
            vouched.invalidate(digest);
            throw e;
        } catch (AccessUnavailableException e) {
            Caller known = vouched.getIfPresent(digest);
            if (known == null) {
                throw e;
            }
            return known;
        }
    }
}

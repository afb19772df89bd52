package dev.tagma.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.gateway.access.AccessUnavailableException;
import dev.tagma.gateway.access.Caller;
import dev.tagma.gateway.access.UnauthenticatedException;
import dev.tagma.wire.Trouble;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TokenInterceptorTest {
    private static final String HERE = "10.0.0.1";
    private static final String ELSEWHERE = "10.0.0.2";
    private static final Caller POD = new Caller("system:serviceaccount:n:p-runtime", "", Set.of(), Map.of());

    private volatile UnaryOperator<String> kubernetes = token -> token;
    private final TokenInterceptor interceptor = new TokenInterceptor((token, audience) -> {
        assertThat(audience).isEqualTo("tagma");
        if (!kubernetes.apply(token).equals("good")) {
            throw new UnauthenticatedException("nobody vouches");
        }
        return POD;
    });

    @Test
    void whoeverMakesUpTokensKeepsNobodyElseWaiting() throws Exception {
        Semaphore asked = new Semaphore(0);
        CountDownLatch answered = new CountDownLatch(1);
        kubernetes = token -> {
            if (token.startsWith("made up")) {
                asked.release();
                awaiting(answered);
            }
            return token;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Optional<Trouble>>> strangers = new ArrayList<>();
            for (int i = 0; i < Strangers.MAX_ASKING; i++) {
                String token = "made up " + i;
                strangers.add(CompletableFuture.supplyAsync(() -> call(token, HERE), threads));
            }
            assertThat(asked.tryAcquire(Strangers.MAX_ASKING, 60, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(call("one more", HERE)).contains(Trouble.ACCESS_UNAVAILABLE);
            assertThat(call("good", ELSEWHERE)).isEmpty();
            assertThat(call("good", HERE))
                    .as("its token was vouched for before")
                    .isEmpty();
            answered.countDown();
            for (CompletableFuture<Optional<Trouble>> stranger : strangers) {
                assertThat(stranger.get(60, TimeUnit.SECONDS)).contains(Trouble.UNAUTHENTICATED);
            }
            assertThat(call("good", HERE)).isEmpty();
            assertThat(call("one more", HERE)).contains(Trouble.UNAUTHENTICATED);
        }
    }

    @Test
    void whileKubernetesIsAwayAKnownTokenIsGoodAndAStrangersIsNot() {
        assertThat(call("good", HERE)).isEmpty();
        kubernetes = token -> {
            throw new AccessUnavailableException("away", null);
        };
        assertThat(call("good", HERE)).isEmpty();
        assertThat(call("bad", HERE)).contains(Trouble.ACCESS_UNAVAILABLE);
    }

    @Test
    void aTokenThatWasTakenBackIsNotKnownAnyMore() {
        assertThat(call("good", HERE)).isEmpty();
        kubernetes = token -> "taken back";
        assertThat(call("good", HERE)).contains(Trouble.UNAUTHENTICATED);
        kubernetes = token -> {
            throw new AccessUnavailableException("away", null);
        };
        assertThat(call("good", HERE)).contains(Trouble.ACCESS_UNAVAILABLE);
    }

    private static void awaiting(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is said to a call with this token; empty where it is let in. */
    private Optional<Trouble> call(String token, String address) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        FakeCall call = new FakeCall(new InetSocketAddress(address, 1));
        interceptor.interceptCall(call, headers, (served, metadata) -> {
            call.caller = TokenInterceptor.CALLER.get();
            return new ServerCall.Listener<>() {};
        });
        assertThat(call.caller == null).isEqualTo(call.failure != null);
        return Optional.ofNullable(call.failure).flatMap(Trouble::of);
    }

    private static final class FakeCall extends ServerCall<Object, Object> {
        private final InetSocketAddress peer;
        private StatusRuntimeException failure;
        private Caller caller;

        FakeCall(InetSocketAddress peer) {
            this.peer = peer;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, peer)
                    .build();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            failure = status.asRuntimeException(trailers);
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(Object message) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Object, Object> getMethodDescriptor() {
            throw new UnsupportedOperationException();
        }
    }
}

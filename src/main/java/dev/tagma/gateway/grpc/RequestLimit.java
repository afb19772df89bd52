package dev.tagma.gateway.grpc;

import com.google.protobuf.MessageLite;
import dev.tagma.wire.Trouble;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;

/** Refuses requests above the limit by name. The transport's own limit, which is above, cuts the call off without a word. */
final class RequestLimit implements ServerInterceptor {
    private final int most;

    RequestLimit(int most) {
        this.most = most;
    }

    /** What the transport lets in. */
    int hard() {
        return 2 * most;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                int size = ((MessageLite) message).getSerializedSize();
                if (size <= most) {
                    super.onMessage(message);
                    return;
                }
                refused = true;
                StatusRuntimeException failure =
                        Trouble.MESSAGE_TOO_LARGE.because("a request has at most " + most + " bytes, not " + size);
                call.close(failure.getStatus(), failure.getTrailers());
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }
}

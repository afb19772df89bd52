package dev.tagma.wire;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.Optional;

/** Why a call failed, as {@code runtime.proto} lists it. */
public enum Trouble {
    /** The store is away: the same request again, later. */
    STORE_UNAVAILABLE(Code.UNAVAILABLE),
    /** Kubernetes cannot be asked who calls, or what is declared: the same request again, later. */
    ACCESS_UNAVAILABLE(Code.UNAVAILABLE),
    /** A call of this kind is in flight for the mission: the same request again, later. */
    BUSY(Code.RESOURCE_EXHAUSTED),
    /** The session is not at this replica. */
    NO_SESSION(Code.FAILED_PRECONDITION),
    /** The instance has lost its lease. */
    INSTANCE_DEAD(Code.FAILED_PRECONDITION),
    /** No common protocol version. */
    PROTOCOL_UNSUPPORTED(Code.FAILED_PRECONDITION),
    /** The message is larger than the limit that it names. */
    MESSAGE_TOO_LARGE(Code.RESOURCE_EXHAUSTED),
    /** Nobody vouches for the token. */
    UNAUTHENTICATED(Code.UNAUTHENTICATED),
    /** The caller may not do this. */
    REFUSED(Code.PERMISSION_DENIED),
    /** The request makes no sense. */
    INVALID(Code.INVALID_ARGUMENT),
    /** A bug of the gateway. */
    FAULT(Code.INTERNAL);

    private static final String DOMAIN = "tagma.dev";

    private final Code code;

    Trouble(Code code) {
        this.code = code;
    }

    /** As the end of a call. */
    public StatusRuntimeException because(String message) {
        ErrorInfo info =
                ErrorInfo.newBuilder().setReason(name()).setDomain(DOMAIN).build();
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(info))
                .build());
    }

    /** What the other side said; empty where the connection failed, or a newer one gives a reason that is not known here. */
    public static Optional<Trouble> of(StatusRuntimeException failure) {
        Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return Optional.empty();
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(Trouble::unpack)
                .filter(info -> info.getDomain().equals(DOMAIN))
                .flatMap(info ->
                        Arrays.stream(values()).filter(trouble -> trouble.name().equals(info.getReason())))
                .findFirst();
    }

    private static ErrorInfo unpack(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the reason of a failure cannot be read", e);
        }
    }
}

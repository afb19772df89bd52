package dev.tagma.runtime.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Says in words what keeps two sides from speaking TLS with each other. */
final class TlsTrouble {
    private TlsTrouble() {}

    /** {@code failure}, with words where TLS is its cause. */
    static StatusRuntimeException explain(StatusRuntimeException failure, String gateway, GrpcLinkSettings settings) {
        return reason(failure, gateway, settings)
                .map(words -> Status.UNAVAILABLE
                        .withDescription(words)
                        .withCause(failure)
                        .asRuntimeException())
                .orElse(failure);
    }

    private static Optional<String> reason(Throwable failure, String gateway, GrpcLinkSettings settings) {
        String authorities = settings.ca() == null
                ? "the authorities of the JDK"
                : settings.ca().toString();
        return cause(failure, CertPathBuilderException.class)
                .or(() -> cause(failure, CertPathValidatorException.class))
                .map(why -> authorities + " does not vouch for the certificate that the gateway " + gateway
                        + " shows: give the certificate of the authority that signed it (" + why.getMessage() + ")")
                .or(() -> cause(failure, CertificateException.class)
                        .map(why -> "the gateway " + gateway
                                + " shows a certificate of another name, or an invalid one: " + why.getMessage()))
                .or(() -> cause(failure, SSLException.class)
                        .map(why -> "the gateway " + gateway + " speaks no TLS, or another version of it: "
                                + why.getMessage()));
    }

    private static Optional<Throwable> cause(Throwable failure, Class<? extends Throwable> type) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .limit(20)
                .filter(type::isInstance)
                .findFirst();
    }
}

package dev.tagma.gateway.rest;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What the resources answer from: nothing, until the gateway's role opens it. Operators and runtimes never do. */
@ApplicationScoped
public class GatewayApi {
    private final AtomicReference<RestGateway> open = new AtomicReference<>();

    /** From now on requests are answered from {@code gateway}, which its owner closes after {@link #close}. */
    public void open(RestGateway gateway) {
        open.set(gateway);
    }

    /** From now on there is nothing here. */
    public void close() {
        open.set(null);
    }

    Optional<RestGateway> opened() {
        return Optional.ofNullable(open.get());
    }

    /** What answers; throws the problem of a path that is not there where nothing does. */
    RestGateway gateway() {
        return opened().orElseThrow(() -> ProblemException.notFound("this process is no gateway"));
    }
}

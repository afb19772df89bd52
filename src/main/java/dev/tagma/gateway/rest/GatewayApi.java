package dev.tagma.gateway.rest;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the resources answer from: nothing, until the gateway's role opens it. Operators and runtimes never do, so there is nothing at
 * their paths; a gateway that is not open yet, or no more, asks for patience.
 */
@ApplicationScoped
public class GatewayApi {
    private final AtomicReference<RestGateway> open = new AtomicReference<>();
    private volatile boolean announced;

    /** This process is a gateway, and will open. */
    public void announce() {
        announced = true;
    }

    /** From now on requests are answered from {@code gateway}, which its owner closes after {@link #close}. */
    public void open(RestGateway gateway) {
        open.set(gateway);
    }

    /** From now on nothing answers. */
    public void close() {
        open.set(null);
    }

    Optional<RestGateway> opened() {
        return Optional.ofNullable(open.get());
    }

    /** What answers; throws the problem of a path that is not there, or not yet, where nothing does. */
    RestGateway gateway() {
        return opened().orElseThrow(() -> announced
                ? ProblemException.unavailable("this replica is not open: try again")
                : ProblemException.notFound("this process is no gateway"));
    }
}

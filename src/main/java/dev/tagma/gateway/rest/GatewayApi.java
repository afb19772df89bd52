package dev.tagma.gateway.rest;

import dev.tagma.gateway.rest.event.EventDesk;
import dev.tagma.gateway.rest.http.Door;
import dev.tagma.gateway.rest.http.ProblemException;
import dev.tagma.gateway.rest.resource.DeclarationDesk;
import dev.tagma.gateway.rest.resource.MissionDesk;
import dev.tagma.gateway.rest.resource.StepDesk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

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

    @Produces
    @Singleton
    Supplier<Door> door() {
        return () -> gateway().door();
    }

    @Produces
    @Singleton
    Supplier<MissionDesk> missions() {
        return () -> gateway().missions();
    }

    @Produces
    @Singleton
    Supplier<StepDesk> steps() {
        return () -> gateway().steps();
    }

    @Produces
    @Singleton
    Supplier<DeclarationDesk> declarations() {
        return () -> gateway().declarations();
    }

    @Produces
    @Singleton
    Supplier<EventDesk> events() {
        return () -> gateway().events();
    }

    /** What answers; throws the problem of a path that is not there, or not yet, where nothing does. */
    private RestGateway gateway() {
        return opened().orElseThrow(() -> announced
                ? ProblemException.unavailable("this replica is not open: try again")
                : ProblemException.notFound("this process is no gateway"));
    }
}

package dev.tagma.app.role;

import dev.tagma.gateway.rest.GatewayApi;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** A role under Quarkus, from the moment that HTTP answers until the process is asked to end. The one argument is the role's name. */
@Unremovable
@ApplicationScoped
class RoleApplication implements QuarkusApplication {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RunningRole running;
    private final MeterRegistry meters;
    private final GatewayApi api;

    RoleApplication(RunningRole running, MeterRegistry meters, GatewayApi api) {
        this.running = running;
        this.meters = meters;
        this.api = api;
    }

    @Override
    public int run(String... arguments) {
        RoleName name = RoleName.valueOf(arguments[0]);
        if (name == RoleName.gateway) {
            api.announce();
        }
        RoleFactory factory = new RoleFactory(System.getenv(), meters, api, () -> Quarkus.asyncExit(Launch.CANNOT_RUN));
        try (Launch launch = Launch.of(name, () -> factory.start(name), PAUSE, Quarkus::asyncExit)) {
            running.is(launch);
            Quarkus.waitForExit();
        }
        return 0;
    }
}

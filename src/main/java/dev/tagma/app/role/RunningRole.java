package dev.tagma.app.role;

import dev.tagma.app.role.Role.Readiness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Where health checks and REST resources find the role of this process. */
@ApplicationScoped
class RunningRole {
    private final AtomicReference<Launch> launch = new AtomicReference<>();

    void is(Launch present) {
        launch.set(present);
    }

    Readiness readiness() {
        Launch present = launch.get();
        return present == null ? new Readiness(false, Map.of("process", "starting")) : present.readiness();
    }
}

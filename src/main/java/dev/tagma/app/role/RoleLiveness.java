package dev.tagma.app.role;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Answers /q/health/live. A process that serves this is alive: what it waits for, such as Postgres, would not come back by killing it.
 */
@Liveness
@ApplicationScoped
class RoleLiveness implements HealthCheck {
    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.up("process");
    }
}

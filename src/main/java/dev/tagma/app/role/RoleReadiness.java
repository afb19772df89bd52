package dev.tagma.app.role;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Answers /q/health/ready with what the role says of itself. */
@Readiness
@ApplicationScoped
class RoleReadiness implements HealthCheck {
    private final RunningRole role;

    RoleReadiness(RunningRole role) {
        this.role = role;
    }

    @Override
    public HealthCheckResponse call() {
        Role.Readiness readiness = role.readiness();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("role").status(readiness.ready());
        readiness.parts().forEach(response::withData);
        return response.build();
    }
}

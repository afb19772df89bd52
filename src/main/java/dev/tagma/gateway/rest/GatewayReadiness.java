package dev.tagma.gateway.rest;

import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** REST is ready once the missions are listed; other roles have nothing to say here. */
@Readiness
public class GatewayReadiness implements HealthCheck {
    private final GatewayApi api;

    GatewayReadiness(GatewayApi api) {
        this.api = api;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<RestGateway> gateway = api.opened();
        List<String> troubles = gateway.map(RestGateway::troubles).orElse(List.of());
        return HealthCheckResponse.named("rest")
                .status(troubles.isEmpty())
                .withData("state", gateway.isEmpty() ? "not of this role" : String.join("; ", troubles))
                .build();
    }
}

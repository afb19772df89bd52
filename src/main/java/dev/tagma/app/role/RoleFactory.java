package dev.tagma.app.role;

import dev.tagma.gateway.rest.GatewayApi;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** Puts a role together from the environment. */
final class RoleFactory {
    private final Map<String, String> environment;
    private final MeterRegistry meters;
    private final GatewayApi api;
    private final Runnable leave;

    /** A gateway opens {@code api}; {@code leave} is run when a role can go on no more and only a new process helps. */
    RoleFactory(Map<String, String> environment, MeterRegistry meters, GatewayApi api, Runnable leave) {
        this.environment = environment;
        this.meters = meters;
        this.api = api;
        this.leave = leave;
    }

    /** Throws {@link SettingsException} where the environment is not what the role needs. */
    static void check(RoleName name, Map<String, String> environment) {
        switch (name) {
            case operator -> Environment.read(environment, OperatorRoleSettings::read);
            case gateway -> Environment.read(environment, GatewayRoleSettings::read);
            case runtime -> Environment.read(environment, RuntimeRoleSettings::read);
        }
    }

    /** One attempt. Throws what keeps the role from starting. */
    Role start(RoleName name) {
        return switch (name) {
            case operator ->
                OperatorRole.start(Environment.read(environment, OperatorRoleSettings::read), meters, leave);
            case gateway -> GatewayRole.start(Environment.read(environment, GatewayRoleSettings::read), api, meters);
            case runtime -> RuntimeRole.start(Environment.read(environment, RuntimeRoleSettings::read), meters);
        };
    }
}

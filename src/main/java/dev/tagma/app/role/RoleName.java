package dev.tagma.app.role;

import java.util.List;
import java.util.stream.Stream;

/** The subcommands that are processes of a cluster. */
public enum RoleName {
    operator("Reconcile pools, providers and missions of a cluster with the store.", OperatorRoleSettings.VARIABLES),
    gateway(
            "Serve runtimes and users of a cluster, and call models and tools for them.",
            GatewayRoleSettings.VARIABLES),
    runtime("Run the missions of one pool, as its gateway says.", RuntimeRoleSettings.VARIABLES);

    private final String description;
    private final List<Setting> variables;

    RoleName(String description, List<Setting> variables) {
        this.description = description;
        this.variables =
                Stream.concat(variables.stream(), HttpVariables.ALL.stream()).toList();
    }

    String description() {
        return description;
    }

    List<Setting> variables() {
        return variables;
    }
}

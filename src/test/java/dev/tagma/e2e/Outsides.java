package dev.tagma.e2e;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands each group of scenarios the tools and the model outside Tagma, started where pods reach them, and ends them after it. */
final class Outsides implements ParameterResolver {
    private static final String CONTROL_PLANE = "198.51.100.10";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Outside.class;
    }

    @Override
    public Outside resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getRequiredTestClass().getAnnotation(Scenarios.class).installed()) {
            Tagma.installed();
        }
        Outside outside = start();
        // a store closes what is in it
        context.getStore(ExtensionContext.Namespace.create(Outsides.class, context.getUniqueId()))
                .put(Outside.class, outside);
        return outside;
    }

    /** In the control plane's network namespace; for another cluster on this machine, at the address of it that E2E_ADDRESS names. */
    private static Outside start() {
        if (Suite.OWN_NODES) {
            return new Outside(List.of("nsenter", "--net=/run/netns/tagma-control"), CONTROL_PLANE);
        }
        return new Outside(
                List.of(),
                Objects.requireNonNull(
                        System.getenv("E2E_ADDRESS"),
                        "E2E_ADDRESS is not set: the address of this machine that the cluster's pods reach"));
    }
}

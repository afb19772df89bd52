package dev.tagma.app.role;

import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.app.Version;
import dev.tagma.app.engine.RuntimeEngine;
import dev.tagma.runtime.RuntimeInstance;
import dev.tagma.runtime.RuntimeRecorder;
import dev.tagma.runtime.RuntimeSettings;
import dev.tagma.runtime.grpc.GrpcGatewayLink;
import dev.tagma.telemetry.RoleMetric;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A runtime pod's process: it knows its gateway and nothing else. */
final class RuntimeRole implements Role {
    private final Closing closing;
    private final RuntimeInstance instance;

    private RuntimeRole(Closing closing, RuntimeInstance instance) {
        this.closing = closing;
        this.instance = instance;
    }

    static RuntimeRole start(RuntimeRoleSettings settings, MeterRegistry meters) {
        Closing closing = new Closing();
        try {
            RuntimeEngine engine = closing.add(new RuntimeEngine(new Toolboxes()));
            GrpcGatewayLink link = closing.add(new GrpcGatewayLink(
                    settings.link(),
                    engine.clock(),
                    () -> ThreadLocalRandom.current().nextLong()));
            RuntimeInstance instance = closing.add(engine.start(
                    link,
                    settings.hello(Version.current()),
                    new RuntimeSettings(settings.drainGrace(), RuntimeRecorder.NOOP)));
            RoleMetric.RuntimeMissions.gauge(meters, instance, RuntimeInstance::running);
            return new RuntimeRole(closing, instance);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    @Override
    public Readiness readiness() {
        boolean serving = instance.serving();
        return new Readiness(serving, Map.of("gateway", serving ? "connected" : "not connected"));
    }

    @Override
    public void close() {
        closing.close();
    }
}

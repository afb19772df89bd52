package dev.tagma.app.role;

import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.operator.OperatorHealth;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.operator.OperatorProcess;
import dev.tagma.store.PostgresStore;
import dev.tagma.telemetry.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** The operator: Postgres, the API server, and the reconcilers between them. */
final class OperatorRole implements Role {
    private final Closing closing;
    private final OperatorProcess process;

    private OperatorRole(Closing closing, OperatorProcess process) {
        this.closing = closing;
        this.process = process;
    }

    /** {@code lost} is run once where it may act no more. */
    static OperatorRole start(OperatorRoleSettings settings, MeterRegistry meters, Runnable lost) {
        Closing closing = new Closing();
        try {
            PostgresStore store = closing.add(PostgresStore.open(settings.database()));
            KubernetesClient client = closing.add(KubernetesClients.open());
            ClusterCatalog catalog =
                    closing.add(new ClusterCatalog(client, settings.operator().watchNamespaces(), System::nanoTime));
            OperatorPorts ports = new OperatorPorts(
                    client,
                    catalog,
                    catalog,
                    store.missions(),
                    store.pools(),
                    store.poolMissions(),
                    store.instances(),
                    store.hints());
            OperatorProcess process =
                    closing.add(new OperatorProcess(ports, settings.operator(), OperatorMetrics.in(meters), lost));
            process.start();
            return new OperatorRole(closing, process);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    @Override
    public Readiness readiness() {
        OperatorHealth health = process.health();
        return new Readiness(
                health.ready(),
                health.troubled().isEmpty()
                        ? Map.of("operator", health.state().name())
                        : Map.of("operator", health.state().name(), "misses", String.join(", ", health.troubled())));
    }

    @Override
    public void close() {
        closing.close();
    }
}

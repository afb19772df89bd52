package dev.tagma.app.role;

import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.operator.OperatorHealth;
import dev.tagma.operator.OperatorHealth.State;
import dev.tagma.operator.OperatorPorts;
import dev.tagma.operator.OperatorProcess;
import dev.tagma.store.PostgresStore;
import dev.tagma.telemetry.OperatorMetrics;
import dev.tagma.telemetry.RoleMetric;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The operator: Postgres, the API server, and the reconcilers between them. */
final class OperatorRole implements Role {
    private final Closing closing;
    private final PostgresStore store;
    private final ClusterCatalog catalog;
    private final OperatorProcess process;

    private OperatorRole(Closing closing, PostgresStore store, ClusterCatalog catalog, OperatorProcess process) {
        this.closing = closing;
        this.store = store;
        this.catalog = catalog;
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
            OperatorRole role = new OperatorRole(closing, store, catalog, process);
            RoleMetric.OperatorLeads.gauge(meters, role, each -> each.leads() ? 1 : 0);
            RoleMetric.OperatorMisses.gauge(meters, role, each -> each.misses().size());
            RoleMetric.OperatorLate.gauge(
                    meters, process, each -> each.lateness().missions());
            RoleMetric.OperatorLatest.gauge(
                    meters, process, each -> each.lateness().longest().toSeconds());
            RoleMetric.OperatorOverlooked.gauge(
                    meters, process, each -> each.lateness().overlooked());
            return role;
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private boolean leads() {
        return process.health().state() == State.Leader;
    }

    private List<String> misses() {
        Stream<String> own = Stream.concat(
                store.away() ? Stream.of("Postgres") : Stream.empty(),
                catalog.synced() ? Stream.empty() : Stream.of("catalog"));
        return Stream.concat(own, process.health().troubled().stream()).toList();
    }

    @Override
    public Readiness readiness() {
        OperatorHealth health = process.health();
        List<String> misses = misses();
        String state = health.state().name();
        return new Readiness(
                health.ready() && misses.isEmpty(),
                misses.isEmpty()
                        ? Map.of("operator", state)
                        : Map.of("operator", state, "misses", String.join(", ", misses)));
    }

    @Override
    public void close() {
        closing.close();
    }
}

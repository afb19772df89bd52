package dev.tagma.app.role;

import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.app.engine.GatewayEngine;
import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.gateway.GatewaySettings;
import dev.tagma.store.PostgresStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** A gateway replica: Postgres, what is declared on the cluster, and the desks between them. */
final class GatewayRole implements Role {
    private final Closing closing;
    private final ClusterCatalog catalog;

    private GatewayRole(Closing closing, ClusterCatalog catalog) {
        this.closing = closing;
        this.catalog = catalog;
    }

    static GatewayRole start(GatewayRoleSettings settings, MeterRegistry meters) {
        Closing closing = new Closing();
        try {
            PostgresStore store = closing.add(PostgresStore.open(settings.database()));
            KubernetesClient client = closing.add(KubernetesClients.open());
            ClusterCatalog catalog = closing.add(new ClusterCatalog(client, settings.watched(), System::nanoTime));
            GatewayEngine engine = closing.add(new GatewayEngine(
                    GatewayEngine.stores(store), catalog, new Toolboxes(), GatewaySettings.of(settings.replica())));
            return new GatewayRole(closing, catalog);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    @Override
    public Readiness readiness() {
        boolean synced = catalog.synced();
        return new Readiness(synced, Map.of("catalog", synced ? "listed" : "not listed yet"));
    }

    @Override
    public void close() {
        closing.close();
    }
}

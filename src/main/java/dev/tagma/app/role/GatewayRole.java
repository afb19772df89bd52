package dev.tagma.app.role;

import dev.tagma.agent.tool.Toolboxes;
import dev.tagma.app.engine.GatewayEngine;
import dev.tagma.catalog.cluster.ClusterCatalog;
import dev.tagma.gateway.GatewayStores;
import dev.tagma.gateway.access.AccessSettings;
import dev.tagma.gateway.access.Authenticator;
import dev.tagma.gateway.access.Authorizer;
import dev.tagma.gateway.access.SubjectAccessReviewAuthorizer;
import dev.tagma.gateway.access.TokenReviewAuthenticator;
import dev.tagma.gateway.grpc.GrpcRuntimeServer;
import dev.tagma.gateway.grpc.PoolAccount;
import dev.tagma.gateway.rest.GatewayApi;
import dev.tagma.gateway.rest.RestGateway;
import dev.tagma.gateway.rest.RestPorts;
import dev.tagma.gateway.rest.event.LiveReplies;
import dev.tagma.gateway.rest.event.MissionEvent;
import dev.tagma.store.PostgresStore;
import dev.tagma.telemetry.RoleMetric;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gateway replica: Postgres, what is declared on the cluster, the desks between them, and the doors for runtimes and users. */
final class GatewayRole implements Role {
    private final Closing closing;
    private final PostgresStore store;
    private final ClusterCatalog catalog;

    private GatewayRole(Closing closing, PostgresStore store, ClusterCatalog catalog) {
        this.closing = closing;
        this.store = store;
        this.catalog = catalog;
    }

    /** From now on {@code api} answers from this replica, until it is closed. */
    static GatewayRole start(GatewayRoleSettings settings, GatewayApi api, MeterRegistry meters) {
        Closing closing = new Closing();
        try {
            PostgresStore store = closing.add(PostgresStore.open(settings.database()));
            KubernetesClient client = closing.add(KubernetesClients.open());
            ClusterCatalog catalog = closing.add(new ClusterCatalog(client, settings.watched(), System::nanoTime));
            ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
            closing.add(asking::shutdownNow);
            Authenticator authenticator =
                    new TokenReviewAuthenticator(client, AccessSettings.DEFAULT, asking, System::nanoTime);
            GatewayStores stores = GatewayEngine.stores(store);
            LiveReplies replies = new LiveReplies();
            GatewayEngine engine = closing.add(new GatewayEngine(
                    stores, new GatewayEngine.Surroundings(catalog, new Toolboxes(), replies), settings.gateway()));
            closing.add(GrpcRuntimeServer.start(
                    engine.gateway(), authenticator, new PoolAccount(catalog), settings.runtimeDoor()));
            Authorizer authorizer =
                    new SubjectAccessReviewAuthorizer(client, AccessSettings.DEFAULT, asking, System::nanoTime);
            RestGateway rest = closing.add(RestGateway.start(
                    new RestPorts(
                            client,
                            settings.watched(),
                            authenticator,
                            authorizer,
                            new RestPorts.Stores(stores.missions(), stores.steps(), stores.hints()),
                            replies),
                    settings.rest()));
            RoleMetric.RestStreams.gauge(meters, rest, RestGateway::streams);
            for (MissionEvent.Type type : MissionEvent.Type.values()) {
                RoleMetric.RestEvents.counter(meters, type.name(), rest, gateway -> gateway.told(type));
            }
            RoleMetric.RestMissions.gauge(meters, rest, RestGateway::listed);
            api.open(rest);
            closing.add(api::close);
            return new GatewayRole(closing, store, catalog);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    @Override
    public Readiness readiness() {
        boolean synced = catalog.synced();
        boolean stored = !store.away();
        return new Readiness(
                synced && stored,
                Map.of("catalog", synced ? "listed" : "not listed yet", "postgres", stored ? "answers" : "away"));
    }

    @Override
    public void close() {
        closing.close();
    }
}

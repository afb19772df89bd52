package dev.tagma.app.role;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Grants;
import dev.tagma.kube.Ports;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Replicas of the gateway as processes that run with their service account, over one Postgres; there is no operator and no runtime: what
 * happens to missions, the test does through the store.
 */
final class Gateways implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private final Cluster cluster;
    private final PostgresStore store;
    private final List<Replica> replicas = new ArrayList<>();

    private static final class Replica {
        private final Map<String, String> environment;
        private final Path output;
        private final int port = Ports.free();
        private RoleProcess process;

        private Replica(Map<String, String> environment, Path output) {
            this.environment = environment;
            this.output = output;
        }

        private void start() {
            process = RoleProcess.start("gateway", environment, port, output);
        }
    }

    /** Starts so many on a cluster and a Postgres that stay the caller's, with further settings, and returns when they are ready. */
    Gateways(Cluster cluster, TestPostgres postgres, Path directory, int count, Map<String, String> settings) {
        this.cluster = cluster;
        cluster.applyCrds();
        RoleAccount.install(cluster);
        DatabaseSettings database = postgres.fresh();
        this.store = PostgresStore.open(database);
        Path kubeconfig = RoleAccount.kubeconfig(cluster, directory, "gateway");
        for (int i = 0; i < count; i++) {
            Map<String, String> environment = new HashMap<>();
            environment.put("KUBECONFIG", kubeconfig.toString());
            environment.put("TAGMA_NAMESPACE", RoleAccount.NAMESPACE);
            environment.put("TAGMA_POD_NAME", "gateway-" + i);
            environment.put("TAGMA_DATABASE_URL", database.url());
            environment.put("TAGMA_DATABASE_USER", database.user());
            environment.put("TAGMA_GATEWAY_PLAINTEXT", "true");
            environment.put("TAGMA_GRPC_HOST", "127.0.0.1");
            environment.put("TAGMA_GRPC_PORT", "0");
            environment.put("TAGMA_EGRESS_NEIGHBOURS", "true");
            environment.putAll(settings);
            Replica replica = new Replica(environment, directory.resolve("gateway-" + i + ".log"));
            replica.start();
            replicas.add(replica);
        }
        try {
            awaitReady();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns when all are ready. */
    void awaitReady() {
        for (Replica each : replicas) {
            ThreeRoles.waiting(PATIENCE).untilAsserted(() -> {
                if (!each.process.ready()) {
                    throw new AssertionError("not ready: " + each.process.printed());
                }
            });
        }
    }

    /** Starts a replica again that was killed, at the same address; it is not ready yet. */
    void startAgain(int replica) {
        replicas.get(replica).start();
    }

    PostgresStore store() {
        return store;
    }

    RoleProcess process(int replica) {
        return replicas.get(replica).process;
    }

    String url(int replica) {
        return "http://127.0.0.1:" + replicas.get(replica).port;
    }

    /** Requests to a replica with this token; null shows none. */
    RestCalls calls(int replica, String token) {
        return new RestCalls(url(replica), token);
    }

    /** A service account's token. */
    String token(String namespace, String account) {
        return cluster.token(namespace, account, TOKEN_LIFE);
    }

    /** A service account that may do this in its namespace, and nothing else. */
    void grant(String namespace, String account, String resource, String... verbs) {
        Grants.grant(cluster, namespace, account, resource, verbs);
    }

    @Override
    public void close() {
        replicas.forEach(each -> each.process.close());
        store.close();
    }
}

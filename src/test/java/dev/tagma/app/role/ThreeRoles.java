package dev.tagma.app.role;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Ports;
import dev.tagma.mission.MissionRecord;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Tagma on a cluster: operators and gateways as processes that run with their service accounts' tokens, runtimes as the pods of their pools
 * make them, over one Postgres.
 */
final class ThreeRoles implements AutoCloseable {
    static final String NAMESPACE = RoleAccount.NAMESPACE;

    private static final int LAST_LINES = 25;

    private final Cluster cluster;
    private final TestPostgres postgres;
    private final DatabaseSettings database;
    private final Path directory;
    private final List<Replica> gateways;
    private final List<Replica> operators;
    private final FakeNode node;
    private final PostgresStore store;

    /** A process with a place of its own: whoever starts there again has the same name and ports. */
    static final class Replica {
        private final String role;
        private final String name;
        private final Path output;
        private final int port = Ports.free();
        private final Map<String, String> environment;
        private RoleProcess process;

        private Replica(String role, String name, Path output, Map<String, String> environment) {
            this.role = role;
            this.name = name;
            this.output = output;
            this.environment = environment;
        }

        void start() {
            process = RoleProcess.start(role, environment, port, output);
        }

        /** In a JVM with these flags beside the usual ones. */
        void startWith(String... flags) {
            List<String> all = new ArrayList<>(RoleProcess.JVM);
            all.addAll(List.of(flags));
            process = RoleProcess.start(all, role, environment, port, output);
        }

        /** What it calls itself in leases. */
        String name() {
            return name;
        }

        RoleProcess process() {
            return process;
        }

        InetSocketAddress address() {
            return new InetSocketAddress("127.0.0.1", port);
        }

        /** Requests to its REST with this token. */
        RestCalls calls(String token) {
            return new RestCalls("http://127.0.0.1:" + port, token);
        }

        void killAndStart() {
            process.kill();
            start();
        }
    }

    /** Starts so many of each on a cluster and a Postgres that stay the caller's. */
    ThreeRoles(Cluster cluster, TestPostgres postgres, Path directory, int replicas) {
        this(cluster, postgres, directory, replicas, replicas);
    }

    /** Starts so many gateways, and so many operators. */
    ThreeRoles(Cluster cluster, TestPostgres postgres, Path directory, int gatewayReplicas, int operatorReplicas) {
        this.cluster = cluster;
        this.postgres = postgres;
        this.database = postgres.fresh();
        this.directory = directory;
        cluster.withControllerManager();
        cluster.applyCrds();
        RoleAccount.install(cluster);
        this.store = PostgresStore.open(database);
        List<Integer> doors = Ports.free(gatewayReplicas);
        this.gateways = doors.stream()
                .map(door -> replica(
                        "gateway",
                        doors.indexOf(door),
                        Map.of(
                                "TAGMA_GRPC_HOST", "127.0.0.1",
                                "TAGMA_GRPC_PORT", door.toString(),
                                "TAGMA_EGRESS_NEIGHBOURS", "true")))
                .toList();
        this.operators = IntStream.range(0, operatorReplicas)
                .mapToObj(i -> replica(
                        "operator",
                        i,
                        Map.of(
                                "TAGMA_IMAGE", "tagma:test",
                                "TAGMA_RUNTIME_GATEWAY", "tagma-gateway.tagma-system.svc:9443",
                                "TAGMA_LEASE_SECONDS", "5")))
                .toList();
        this.node = new FakeNode(cluster, directory.resolve("pods"), doors);
        gateways.forEach(Replica::start);
        operators.forEach(Replica::start);
    }

    private Replica replica(String role, int number, Map<String, String> own) {
        String name = role + "-" + number;
        Map<String, String> environment = new HashMap<>(own);
        environment.put(
                "KUBECONFIG", RoleAccount.kubeconfig(cluster, directory, role).toString());
        environment.put("TAGMA_NAMESPACE", NAMESPACE);
        environment.put("TAGMA_POD_NAME", name);
        environment.put("TAGMA_DATABASE_URL", database.url());
        environment.put("TAGMA_DATABASE_USER", database.user());
        environment.put("TAGMA_GATEWAY_PLAINTEXT", "true");
        return new Replica(role, name, directory.resolve(name + ".log"), environment);
    }

    Cluster cluster() {
        return cluster;
    }

    TestPostgres postgres() {
        return postgres;
    }

    PostgresStore store() {
        return store;
    }

    List<Replica> gateways() {
        return gateways;
    }

    List<Replica> operators() {
        return operators;
    }

    /** The name of the gateway that binds the missions of the pools; of any of them where there are several. */
    String dispatchHolder() {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet holder = statement.executeQuery(
                        "select holder from dispatch_lease where expires_at > clock_timestamp()")) {
            return holder.next() ? holder.getString(1) : "nobody";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    FakeNode node() {
        return node;
    }

    List<MissionRecord> missions() {
        return store.missions().changes(0, 10_000);
    }

    /** Returns when every process is ready. */
    void awaitReady() {
        waiting(Duration.ofSeconds(60)).untilAsserted(() -> {
            for (Replica each : all()) {
                if (!each.process().ready()) {
                    throw new AssertionError(
                            each.role + " is not ready: " + each.process().printed());
                }
            }
        });
    }

    /** Does what a kubelet does for those that have ended. */
    void restartEnded() {
        all().stream().filter(each -> !each.process().alive()).forEach(Replica::start);
    }

    /** Operators and gateways. */
    List<Replica> all() {
        List<Replica> all = new ArrayList<>(gateways);
        all.addAll(operators);
        return all;
    }

    static ConditionFactory waiting(Duration patience) {
        return Awaitility.await().atMost(patience).pollInterval(Duration.ofMillis(100));
    }

    /** What kubectl says, and what each process printed last beside its record of tool calls, for a test that failed. */
    String printed() {
        StringBuilder printed = new StringBuilder(
                cluster.kubectl("get", "missions,agentpools,pods", "-A").out());
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith("-0.log")
                            || each.toString().endsWith("-1.log")
                            || each.endsWith("output.log"))
                    .toList()) {
                List<String> lines = Files.readAllLines(file).stream()
                        .filter(line -> !line.contains("\"tool\":"))
                        .toList();
                printed.append("== ").append(directory.relativize(file)).append('\n');
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(line -> printed.append(line).append('\n'));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return printed.toString();
    }

    @Override
    public void close() {
        node.close();
        all().forEach(each -> each.process().close());
        store.close();
    }
}

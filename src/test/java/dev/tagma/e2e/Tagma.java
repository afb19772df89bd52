package dev.tagma.e2e;

import dev.tagma.chart.Chart;
import dev.tagma.kube.Command;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Tagma as the chart installs it. */
final class Tagma {
    static final String NAMESPACE = Chart.NAMESPACE;

    /** What this cluster needs beside what README.md says, as arguments of helm: where the image is, and who may be called. */
    static final List<String> VALUES = Stream.ofNullable(
                    Suite.OWN_NODES ? "e2e/values.yaml" : System.getenv("E2E_VALUES"))
            .flatMap(file -> Stream.of("-f", file))
            .toList();

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Tagma() {}

    /** Installs it unless it is there, and returns when all of it is ready. */
    static void installed() {
        if (Suite.helm("status", Chart.RELEASE, "-n", NAMESPACE).exit() != 0) {
            install().ok();
        }
        awaitReady();
    }

    /** As README.md has it. */
    static Command.Result install(String... more) {
        return release("install", more);
    }

    static Command.Result upgrade(String... more) {
        return release("upgrade", more);
    }

    /** The same to another version of the chart. */
    static Command.Result upgradeTo(Path chart, String... more) {
        return release("upgrade", chart, more);
    }

    private static Command.Result release(String what, String... more) {
        return release(what, Chart.DIRECTORY, more);
    }

    private static Command.Result release(String what, Path chart, String... more) {
        List<String> arguments = new ArrayList<>(List.of(what, Chart.RELEASE, chart.toString()));
        arguments.addAll(List.of("-n", NAMESPACE, "--create-namespace"));
        arguments.addAll(Chart.EMBEDDED);
        arguments.addAll(VALUES);
        arguments.addAll(List.of("--wait", "--timeout=5m"));
        arguments.addAll(List.of(more));
        return Suite.helm(arguments.toArray(String[]::new));
    }

    /** Back to the release before this one. */
    static Command.Result rollback() {
        return Suite.helm("rollback", Chart.RELEASE, "-n", NAMESPACE, "--wait", "--timeout=5m");
    }

    static Command.Result uninstall() {
        return Suite.helm("uninstall", Chart.RELEASE, "-n", NAMESPACE, "--wait", "--timeout=5m");
    }

    /** What operator, gateways and runtimes run. */
    static String image() {
        return Suite.kubectl(
                        "get",
                        "deployment/tagma-operator",
                        "-n",
                        NAMESPACE,
                        "-o",
                        "jsonpath={.spec.template.spec.containers[0].image}")
                .ok();
    }

    static void awaitReady() {
        for (String each :
                new String[] {"statefulset/tagma-postgres", "deployment/tagma-operator", "deployment/tagma-gateway"}) {
            Suite.kubectl("rollout", "status", "-n", NAMESPACE, each, "--timeout=180s")
                    .ok();
        }
        Waiting.atMost(PATIENCE, "one operator to lead and one gateway to dispatch")
                .until(() -> Suite.client().leases().inNamespace(NAMESPACE).list().getItems().stream()
                                .anyMatch(lease -> lease.getSpec().getHolderIdentity() != null)
                        && pods("operator").stream().anyMatch(Readiness::isPodReady));
    }

    /** The pods of a component that are not about to go: operator, gateway, postgres. */
    static List<Pod> pods(String component) {
        return Suite.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The pod of the gateway that holds a dispatch lease now. */
    static Optional<Pod> dispatcher() {
        String holder = withStatement(statement -> {
            try (ResultSet row =
                    statement.executeQuery("select holder from dispatch_lease where expires_at > clock_timestamp()")) {
                return row.next() ? row.getString(1) : "nobody";
            }
        });
        return pods("gateway").stream()
                .filter(pod -> holder.contains(pod.getMetadata().getName()))
                .findFirst();
    }

    /** Returns when this runtime has learnt that it lost its lease and was fenced, and has said so. */
    static void awaitReturned(String runtime) {
        withStatement(statement -> {
            Waiting.atMost(PATIENCE, runtime + " to learn that it lost its lease")
                    .until(() -> {
                        try (ResultSet row = statement.executeQuery("select 1 from runtime_instance where pod = '"
                                + runtime + "' and state = 'Dead' and returned")) {
                            return row.next();
                        }
                    });
            return null;
        });
    }

    private interface Reading<T> {
        T of(Statement statement) throws SQLException;
    }

    private static <T> T withStatement(Reading<T> reading) {
        return withDatabase(settings -> {
            try (Connection connection =
                            DriverManager.getConnection(settings.url(), settings.user(), settings.password());
                    Statement statement = connection.createStatement()) {
                return reading.of(statement);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Reads the store while a port-forward leads to Postgres. */
    static <T> T withStore(Function<PostgresStore, T> read) {
        return withDatabase(settings -> {
            try (PostgresStore store = PostgresStore.open(settings)) {
                return read.apply(store);
            }
        });
    }

    /** Uses the database while a port-forward leads to Postgres. */
    static <T> T withDatabase(Function<DatabaseSettings, T> use) {
        try (Forward forward = new Forward(NAMESPACE, "tagma-postgres-0", 5432)) {
            return use.apply(DatabaseSettings.of(
                    "jdbc:postgresql://" + forward.authority() + "/tagma",
                    "tagma",
                    secret("tagma-postgres", "password")));
        }
    }

    static String secret(String name, String key) {
        String data = Suite.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName(name)
                .require()
                .getData()
                .get(key);
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }
}

package dev.tagma.app.role;

import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A session with kubectl on a cluster of this machine's own, while each of the three roles is killed once. */
public final class ClusterDemo {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final ThreeRoles roles;

    private ClusterDemo(Cluster cluster, ThreeRoles roles) {
        this.cluster = cluster;
        this.roles = roles;
    }

    /** Prints each command with what it answered. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("tagma-demo");
        System.out.println("# an API server with its controllers, Postgres, an operator and a gateway are starting");
        try (Cluster cluster = Cluster.own();
                TestPostgres postgres = TestPostgres.own();
                ThreeRoles roles = new ThreeRoles(cluster, postgres, directory, 1)) {
            roles.awaitReady();
            new ClusterDemo(cluster, roles).run();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(each -> each.toFile().delete());
            }
        }
        System.exit(0);
    }

    private void run() {
        kubectl("apply", "-f", "samples/emissions", "-f", "samples/failover");
        kubectl("wait", "--for=condition=Ready", "agentpools", "--all", "--timeout=90s");
        kubectl("get", "modelproviders,agentpools,missions");
        roles.node().pods().forEach(pod -> kill("runtime " + pod.name(), pod.process()::kill));
        kill("gateway", () -> roles.gateways().getFirst().killAndStart());
        kill("operator", () -> roles.operators().getFirst().killAndStart());
        kubectl("wait", "--for=condition=Ready", "missions", "--all", "--timeout=110s");
        kubectl("get", "missions,pods");
        kubectl("get", "mission", "invoice", "-o", "jsonpath={.status.result.output}{\"\\n\"}");
        kubectl("events", "--for", "agentpool/clerks");
        kubectl("delete", "-f", "samples/emissions", "-f", "samples/failover");
        ThreeRoles.waiting(PATIENCE).until(() -> roles.node().pods().isEmpty());
        kubectl("get", "tagma,pods");
    }

    private void kubectl(String... arguments) {
        System.out.println("\n$ kubectl "
                + Stream.of(arguments)
                        .map(each -> each.contains("{") ? "'" + each + "'" : each)
                        .collect(Collectors.joining(" ")));
        var result = cluster.kubectl(arguments);
        System.out.print(result.out() + result.err());
        if (result.exit() != 0) {
            throw new IllegalStateException("kubectl ended with " + result.exit() + "\n" + roles.printed());
        }
    }

    private static void kill(String what, Runnable kill) {
        System.out.println("\n# kill -9: the " + what);
        kill.run();
    }
}

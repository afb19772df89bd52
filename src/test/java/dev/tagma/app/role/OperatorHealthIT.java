package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Ports;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's process says of itself while others are in trouble. */
@Timeout(300)
class OperatorHealthIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void healthAndMetricsAreTrueThroughTheTroublesOfOthers() {
        try (Cluster cluster = Cluster.own();
                TestPostgres postgres = TestPostgres.own()) {
            cluster.applyCrds();
            RoleAccount.install(cluster);
            Map<String, String> environment = environment(cluster, postgres.fresh());
            try (RoleProcess operator = start(environment)) {
                awaitReady(operator);
                postgres.stop();
                awaitTrouble(operator, "Postgres");
                assertThat(operator.answers("/q/health/live")).isTrue();
                postgres.start();
                awaitReady(operator);

                cluster.pauseApiServer();
                try {
                    assertThat(operator.ended(PATIENCE)).as(operator.printed()).isTrue();
                    assertThat(operator.exit()).isNotZero();
                } finally {
                    cluster.resumeApiServer();
                }
            }
            try (RoleProcess next = start(environment)) {
                awaitReady(next);
            }
        }
    }

    private Map<String, String> environment(Cluster cluster, DatabaseSettings database) {
        return Map.of(
                "KUBECONFIG",
                RoleAccount.kubeconfig(cluster, directory, "operator").toString(),
                "TAGMA_NAMESPACE",
                RoleAccount.NAMESPACE,
                "TAGMA_POD_NAME",
                "operator-0",
                "TAGMA_DATABASE_URL",
                database.url(),
                "TAGMA_DATABASE_USER",
                database.user(),
                "TAGMA_IMAGE",
                "tagma:test",
                "TAGMA_RUNTIME_GATEWAY",
                "tagma-gateway.tagma-system.svc:9443",
                "TAGMA_LEASE_SECONDS",
                "3");
    }

    private RoleProcess start(Map<String, String> environment) {
        return RoleProcess.start("operator", environment, Ports.free(), directory.resolve("operator.log"));
    }

    private static void awaitReady(RoleProcess operator) {
        ThreeRoles.waiting(PATIENCE).untilAsserted(() -> {
            assertThat(operator.status("/q/health/ready"))
                    .as(operator.printed())
                    .isEqualTo(200);
            assertThat(operator.get("/q/health/ready").body()).contains("\"Leader\"");
            assertThat(operator.get("/q/metrics").body())
                    .contains("tagma_operator_leads 1.0", "tagma_operator_misses 0.0");
        });
    }

    private static void awaitTrouble(RoleProcess operator, String missing) {
        ThreeRoles.waiting(PATIENCE).untilAsserted(() -> {
            assertThat(operator.status("/q/health/ready")).isEqualTo(503);
            assertThat(operator.get("/q/health/ready").body()).contains("\"misses\": \"" + missing + "\"");
            assertThat(operator.get("/q/metrics").body())
                    .contains("tagma_operator_leads 1.0", "tagma_operator_misses 1.0");
        });
    }
}

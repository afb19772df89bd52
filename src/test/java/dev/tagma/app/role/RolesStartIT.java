package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import dev.tagma.kube.Ports;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RolesStartIT {
    @TempDir
    private Path directory;

    @Test
    void operatorAndGatewayAreReadyAndEndAtSigterm() {
        try (Cluster cluster = Cluster.own();
                ThreeRoles roles = new ThreeRoles(cluster, TestPostgres.shared(), directory, 1)) {
            roles.awaitReady();
            for (ThreeRoles.Replica each : new ThreeRoles.Replica[] {
                roles.operators().getFirst(), roles.gateways().getFirst()
            }) {
                RoleProcess process = each.process();
                assertThat(process.answers("/q/health/live")).isTrue();
                assertThat(process.get("/q/metrics").body()).contains("jvm_memory_used_bytes");
                process.terminate();
                assertThat(process.ended(Duration.ofSeconds(30)))
                        .as(process.printed())
                        .isTrue();
                assertThat(process.exit()).isZero();
            }
        }
    }

    @Test
    void aRoleThatWaitsForItsDatabaseIsAliveAndNotReady() {
        Map<String, String> environment = Map.of(
                "TAGMA_NAMESPACE", "tagma-system",
                "TAGMA_GATEWAY_PLAINTEXT", "true",
                "TAGMA_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/none");
        try (RoleProcess process =
                RoleProcess.start("gateway", environment, Ports.free(), directory.resolve("gateway.log"))) {
            ThreeRoles.waiting(Duration.ofSeconds(60)).until(() -> process.answers("/q/health/live"));
            assertThat(process.status("/q/health/ready")).isEqualTo(503);
            assertThat(process.get("/q/health/ready").body()).contains("starting");
            process.terminate();
            assertThat(process.ended(Duration.ofSeconds(30)))
                    .as(process.printed())
                    .isTrue();
            assertThat(process.exit()).isZero();
        }
    }

    @Test
    void wrongSettingsEndTheProcessAndNameTheVariable() {
        try (RoleProcess process = RoleProcess.start(
                "runtime", Map.of("TAGMA_GATEWAY", "nowhere"), Ports.free(), directory.resolve("runtime.log"))) {
            assertThat(process.ended(Duration.ofSeconds(30))).isTrue();
            assertThat(process.exit()).isEqualTo(2);
            assertThat(process.printed())
                    .contains("TAGMA_GATEWAY must be HOST:PORT", "not 'nowhere'", "TAGMA_POOL_UID is not set");
        }
    }
}

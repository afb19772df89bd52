package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.AuditLog;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Right;
import dev.tagma.store.TestPostgres;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway under the rights of src/main/kube/rbac.yaml, measured by what the API server wrote down. */
@Timeout(300)
class GatewayRightsIT {
    private static final String NAME = "tagma-gateway";
    private static final Path RIGHTS = Path.of("src/main/kube/rbac.yaml");
    private static final String CALLS = "read for the calls of runtimes, of which there is none here";

    /** Rights that no request of this test shows, and why they are granted. */
    private static final Map<String, String> WITHOUT_A_REQUEST = Map.of("get configmaps", CALLS, "get secrets", CALLS);

    @TempDir
    private Path directory;

    @Test
    void gatewayUsesWhatItIsGrantedAndNothingElse() {
        AuditLog log = new AuditLog(directory, RoleAccount.NAMESPACE + ":" + NAME);
        try (Cluster cluster = Cluster.own(log.flags().toArray(String[]::new))) {
            try (Gateways gateways = new Gateways(cluster, TestPostgres.shared(), directory, 1, Map.of())) {
                work(cluster, gateways);
            }
            assertThat(log.refused()).as("refused").isEmpty();
            assertThat(log.idle(Right.granted(RIGHTS, NAME), NAME))
                    .as("granted in " + RIGHTS + " and never used")
                    .isSubsetOf(WITHOUT_A_REQUEST.keySet());
        }
    }

    /** All that callers may ask for, once. */
    private static void work(Cluster cluster, Gateways gateways) {
        String namespace = cluster.newNamespace("rights");
        gateways.grant(namespace, "user", "missions", "get", "list", "watch", "create", "patch", "delete");
        gateways.grant(namespace, "user", "agentpools", "get", "list");
        gateways.grant(namespace, "user", "modelproviders", "get", "list");
        RestCalls user = gateways.calls(0, gateways.token(namespace, "user"));
        String of = "/namespaces/" + namespace;
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(user.post(of + "/missions", """
                        {"metadata": {"name": "m"}, "spec": {"goal": "go"}}""").status()).isEqualTo(201));
        assertThat(user.get(of + "/missions/m").status()).isEqualTo(200);
        assertThat(user.get(of + "/missions").status()).isEqualTo(200);
        assertThat(user.patch(of + "/missions/m", "{\"spec\": {\"suspend\": true}}")
                        .status())
                .isEqualTo(200);
        assertThat(user.delete(of + "/missions/m").status()).isEqualTo(204);
        assertThat(user.get(of + "/agentpools").status()).isEqualTo(200);
        assertThat(user.get(of + "/agentpools/none").status()).isEqualTo(404);
        assertThat(user.get(of + "/modelproviders").status()).isEqualTo(200);
        assertThat(user.get(of + "/modelproviders/none").status()).isEqualTo(404);
    }
}

package dev.tagma.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Right;
import dev.tagma.operator.OperatorRig;
import dev.tagma.operator.pool.Pools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart grants what src/main/kube/rbac.yaml says, which is measured to be what the roles use. */
@Tag("chart")
@Timeout(180)
class ChartRightsIT {
    private static final Path MEASURED = Path.of("src/main/kube/rbac.yaml");

    @TempDir
    private Path directory;

    private static List<JsonNode> rights(Rendered rendered) {
        return rendered.installed().stream()
                .filter(each -> each.path("apiVersion").asText().startsWith("rbac.")
                        || each.path("kind").asText().equals("ServiceAccount"))
                .toList();
    }

    private Path file(String name, List<JsonNode> objects) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                objects.stream().map(each -> "---\n" + each).collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tagma-operator", "tagma-gateway"})
    void aClusterWideInstallationGrantsWhatIsMeasured(String role) throws IOException {
        Path rendered = file("rights.yaml", rights(Helm.with("commonLabels.team=carbon")));
        assertThat(Right.granted(rendered, role)).isEqualTo(Right.granted(MEASURED, role));
    }

    @Test
    void bindingsNameTheRoleAndItsAccountAndNobodyElse() {
        for (JsonNode binding : rights(Helm.with()).stream()
                .filter(each -> each.path("kind").asText().endsWith("Binding"))
                .toList()) {
            assertThat(binding.path("subjects")).hasSize(1);
            assertThat(binding.at("/subjects/0/name")).isEqualTo(binding.at("/roleRef/name"));
            assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(Chart.NAMESPACE);
        }
    }

    /** The very operator, with a token of its account, in an installation that serves one namespace. */
    @Test
    void anInstallationOfOneNamespaceServesItAndMayNotTouchAnother() throws IOException {
        Cluster cluster = Cluster.shared().withControllerManager();
        try (OperatorRig rig = new OperatorRig(cluster)) {
            String home = cluster.newNamespace("home");
            String other = cluster.newNamespace("other");
            List<JsonNode> rights = rights(Helm.render(List.of(
                    "--namespace",
                    home,
                    "--set",
                    "postgres.embedded.enabled=true",
                    "--set",
                    "watchNamespaces={" + rig.namespace + "}")));
            cluster.kubectl("apply", "-f", file("scoped.yaml", rights).toString())
                    .ok();
            rig.operator(cluster.serviceAccountClient(home, "tagma-operator"), home, () -> {});
            Pools.serving(rig, "p");

            for (String role : List.of("operator", "gateway")) {
                String account = "--as=system:serviceaccount:" + home + ":tagma-" + role;
                for (String what : List.of("secrets", "configmaps", "missions.tagma.dev", "agentpools.tagma.dev")) {
                    assertThat(answer(cluster, what, rig.namespace, account))
                            .as(what)
                            .isEqualTo("yes");
                    assertThat(answer(cluster, what, other, account)).as(what).isEqualTo("no");
                }
            }
        }
    }

    private static String answer(Cluster cluster, String what, String namespace, String account) {
        return cluster.kubectl("auth", "can-i", "get", what, "-n", namespace, account)
                .out()
                .strip();
    }
}

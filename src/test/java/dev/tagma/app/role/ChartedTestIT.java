package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagma.chart.Chart;
import dev.tagma.chart.Helm;
import dev.tagma.chart.Rendered;
import dev.tagma.kube.Cluster;
import dev.tagma.store.TestPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the pod of {@code helm test} does: its command, as its service account, against a gateway as it is deployed. */
@Tag("chart")
@Timeout(180)
class ChartedTestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Cluster CLUSTER = Cluster.shared();

    @TempDir
    private Path directory;

    @Test
    void itsAccountMayFollowTheMissionToItsEnd() throws Exception {
        String namespace = CLUSTER.newNamespace("helmtest");
        List<String> values = new ArrayList<>(Chart.EMBEDDED);
        values.addAll(List.of("--namespace", namespace));
        Rendered rendered = Helm.render(values);
        try (Gateways gateways = new Gateways(CLUSTER, TestPostgres.shared(), directory, 1, Map.of())) {
            for (String kind : List.of("ServiceAccount", "Role", "RoleBinding", "Mission")) {
                apply(rendered.get(kind, "tagma-test"));
            }
            Path err = directory.resolve("err");
            Process command = command(rendered, namespace, gateways.url(0))
                    .redirectError(err.toFile())
                    .redirectOutput(directory.resolve("out").toFile())
                    .start();
            try {
                StoredRun run = StoredRun.admit(gateways.store(), mission(namespace))
                        .bind()
                        .say("one");
                run.answer("It is exactly 0.3.");
                succeeded(namespace, run);
                assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(command.exitValue()).as(Files.readString(err)).isZero();
                assertThat(Files.readString(err)).contains("Succeeded");
            } finally {
                command.destroyForcibly();
            }
        }
    }

    private static void apply(JsonNode object) {
        CLUSTER.kubectlWithInput(object.toString(), "apply", "-f", "-").ok();
    }

    private static JsonNode mission(String namespace) throws Exception {
        return JSON.readTree(CLUSTER.kubectl("get", "mission", "tagma-test", "-n", namespace, "-o", "json")
                .ok());
    }

    private static void succeeded(String namespace, StoredRun run) {
        String status =
                "{\"status\": {\"phase\": \"Succeeded\", \"reason\": \"Succeeded\", \"runtime\": {\"epoch\": 1}, \"checkpoint\": {\"sequence\": %d, \"digest\": \"%s\"}}}"
                        .formatted(run.head().seq(), run.head().digest().hex());
        CLUSTER.kubectl(
                        "patch",
                        "mission",
                        "tagma-test",
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        status)
                .ok();
    }

    /** As in the pod, but for the addresses of mounted files and of the gateway. */
    private ProcessBuilder command(Rendered rendered, String namespace, String gateway) throws Exception {
        Path manifest = Files.writeString(
                directory.resolve("mission.yaml"),
                rendered.get("ConfigMap", "tagma-test-mission")
                        .at("/data/mission.yaml")
                        .asText());
        Path token = Files.writeString(
                directory.resolve("token"), CLUSTER.token(namespace, "tagma-test", Duration.ofHours(1)));
        URI server = URI.create(CLUSTER.config().getMasterUrl());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dkubernetes.auth.serviceAccount.token=" + token,
                "-Dkubernetes.certs.ca.file=" + CLUSTER.config().getCaCertFile(),
                "-Dkubernetes.namespace=" + namespace,
                "-jar",
                RoleProcess.PROGRAM.toString()));
        for (JsonNode each : rendered.get("Pod", "tagma-test").at("/spec/containers/0/args")) {
            String argument = each.asText();
            if (!argument.startsWith("--gateway-ca=")) {
                command.add(argument.replaceFirst("^--filename=.*", "--filename=" + manifest)
                        .replaceFirst("^--gateway=.*", "--gateway=" + gateway));
            }
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", "/nonexistent");
        builder.environment().put("KUBERNETES_SERVICE_HOST", server.getHost());
        builder.environment().put("KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()));
        return builder;
    }
}

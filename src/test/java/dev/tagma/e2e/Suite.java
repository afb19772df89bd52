package dev.tagma.e2e;

import dev.tagma.kube.Command;
import dev.tagma.kube.Kubectl;
import dev.tagma.kube.Programs;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The cluster of the suite, by the programs that its users have. KUBECONFIG names it. */
final class Suite {
    static final Path KUBECONFIG = Path.of(
            Objects.requireNonNull(System.getenv("KUBECONFIG"), "KUBECONFIG names no cluster: `make e2e` does"));

    /** Whether it is the cluster of e2e/cluster, whose nodes the suite may cut off and kill. */
    static final boolean OWN_NODES = !"existing".equals(System.getenv("E2E_CLUSTER"));

    private static final Programs PROGRAMS = Programs.ofNodes();
    private static final Kubectl KUBECTL =
            new Kubectl(PROGRAMS.path("kubectl"), KUBECONFIG, Path.of("target", "e2e", "kubectl-cache"));
    private static final Duration LONG = Duration.ofMinutes(10);

    private Suite() {}

    static Command.Result kubectl(String... arguments) {
        return KUBECTL.run("", List.of(arguments), LONG);
    }

    /** {@code kubectl apply} of these manifests. */
    static String apply(String namespace, String manifests) {
        return KUBECTL.run(manifests, List.of("apply", "-n", namespace, "-f", "-"), LONG)
                .ok();
    }

    /** The same with something to read. */
    static Command.Result kubectlWithInput(String input, String... arguments) {
        return KUBECTL.run(input, List.of(arguments), LONG);
    }

    /** A namespace that admits restricted pods alone, as careful clusters have them. */
    static void createNamespace(String name) {
        kubectl("create", "namespace", name).ok();
        kubectl("label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted")
                .ok();
    }

    /** Deletes a namespace, and waits until it is gone. */
    static void deleteNamespace(String name) {
        kubectl("delete", "namespace", name, "--timeout=120s", "--ignore-not-found")
                .ok();
    }

    /** A kubectl that goes on until it is ended. */
    static Process start(Path output, String... arguments) {
        try {
            ProcessBuilder builder = new ProcessBuilder(KUBECTL.commandLine(List.of(arguments)))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(KUBECTL.environment());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Command.Result helm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAMS.path("helm"), "--kubeconfig", KUBECONFIG.toString()));
        command.addAll(List.of(arguments));
        return new Command(command, "", Map.of(), LONG).run();
    }

    /** One of e2e/cluster's scripts. */
    static String script(String name, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Path.of("e2e", "cluster", name).toString()));
        command.addAll(List.of(arguments));
        return new Command(command, "", Map.of(), LONG).run().ok();
    }

    /** To read objects, and to write where the time of a kubectl would be in the way of a figure. */
    static KubernetesClient client() {
        return Once.CLIENT;
    }

    static Programs programs() {
        return PROGRAMS;
    }

    private static final class Once {
        private static final KubernetesClient CLIENT = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.fromKubeconfig(KUBECONFIG.toFile()))
                        .withClientKeyAlgo(OWN_NODES ? "EC" : "RSA")
                        .build())
                .build();
    }
}

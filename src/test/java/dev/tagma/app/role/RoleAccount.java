package dev.tagma.app.role;

import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The service account of a role, with the rights that are installed for it and no others. */
final class RoleAccount {
    static final String NAMESPACE = "tagma-system";

    private static final Duration TOKEN_LIFE = Duration.ofHours(2);
    private static final Path KUBE = Path.of("src", "main", "kube");

    private RoleAccount() {}

    /** Installs what a cluster needs beside the CRDs: the rights of all roles, and who may name a Secret. */
    static void install(Cluster cluster) {
        for (String file : List.of("rbac.yaml", "admission.yaml")) {
            cluster.kubectl("apply", "--server-side", "-f", KUBE.resolve(file).toString())
                    .ok();
        }
    }

    /** The account of a role as a file in {@code directory}. */
    static Path kubeconfig(Cluster cluster, Path directory, String role) {
        return kubeconfig(
                cluster,
                directory.resolve(role + ".kubeconfig"),
                NAMESPACE,
                cluster.token(NAMESPACE, "tagma-" + role, TOKEN_LIFE));
    }

    /** Whoever has this token, at home in {@code namespace}. */
    static Path kubeconfig(Cluster cluster, Path file, String namespace, String token) {
        Config admin = cluster.config();
        try {
            return Files.writeString(
                    file, """
                    apiVersion: v1
                    kind: Config
                    clusters:
                    - {name: test, cluster: {server: "%s", certificate-authority: %s}}
                    users:
                    - {name: account, user: {token: %s}}
                    contexts:
                    - {name: test, context: {cluster: test, user: account, namespace: %s}}
                    current-context: test
                    """.formatted(admin.getMasterUrl(), admin.getCaCertFile(), token, namespace));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

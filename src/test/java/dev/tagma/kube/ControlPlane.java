package dev.tagma.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The processes behind a {@link Cluster}: their commands, ports and files. */
final class ControlPlane {
    /** Names the administrator, a member of system:masters, in the API server's file of tokens. */
    static final String ADMIN_TOKEN = "administrator";

    private static final String CONTROLLERS = String.join(
            ",",
            "namespace-controller",
            "garbage-collector-controller",
            "serviceaccount-controller",
            "root-ca-certificate-publisher-controller",
            "clusterrole-aggregation-controller",
            "deployment-controller",
            "statefulset-controller",
            "replicaset-controller",
            "disruption-controller",
            "resourcequota-controller",
            "endpoints-controller",
            "endpointslice-controller",
            "horizontal-pod-autoscaler-controller",
            "validatingadmissionpolicy-status-controller");

    private final Path directory;
    private final Path kubeconfig;
    private final int port;
    private final Daemon etcd;
    private final Daemon apiServer;
    private final Daemon controllerManager;

    ControlPlane(Programs programs, String... apiServerFlags) {
        try {
            directory = Files.createTempDirectory("tagma-kube");
            Files.writeString(directory.resolve("tokens.csv"), ADMIN_TOKEN + ",admin,admin,system:masters\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kubeconfig = directory.resolve("kubeconfig");
        Keys keys = Keys.generate(directory);
        List<Integer> ports = Ports.free(3);
        port = ports.getFirst();
        String etcdHealth = "http://127.0.0.1:" + ports.get(1) + "/health";
        etcd = new Daemon(etcd(programs, ports.get(1), ports.get(2)), directory, () -> Endpoints.answers(etcdHealth));
        List<String> command = apiServer(programs, keys, ports.get(1));
        command.addAll(Arrays.asList(apiServerFlags));
        apiServer =
                new Daemon(command, directory, () -> Endpoints.answers(url() + "/readyz", certificate(), ADMIN_TOKEN));
        controllerManager = new Daemon(controllerManager(programs, keys), directory, () -> true);
    }

    private List<String> etcd(Programs programs, int client, int peer) {
        return List.of(
                programs.path("etcd"),
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=http://127.0.0.1:" + client,
                "--advertise-client-urls=http://127.0.0.1:" + client,
                "--listen-peer-urls=http://127.0.0.1:" + peer,
                "--initial-advertise-peer-urls=http://127.0.0.1:" + peer,
                "--initial-cluster=default=http://127.0.0.1:" + peer,
                "--unsafe-no-fsync=true",
                "--log-level=warn");
    }

    private List<String> apiServer(Programs programs, Keys keys, int etcdPort) {
        return new ArrayList<>(List.of(
                programs.path("kube-apiserver"),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port,
                "--cert-dir=" + directory,
                "--token-auth-file=" + directory.resolve("tokens.csv"),
                "--authorization-mode=Node,RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + keys.signing(),
                "--service-account-key-file=" + keys.verifying(),
                "--service-cluster-ip-range=198.19.0.0/16",
                "--allow-privileged=true"));
    }

    private List<String> controllerManager(Programs programs, Keys keys) {
        return List.of(
                programs.path("kube-controller-manager"),
                "--kubeconfig=" + kubeconfig,
                "--service-account-private-key-file=" + keys.signing(),
                "--root-ca-file=" + certificate(),
                "--leader-elect=false",
                "--secure-port=0",
                "--controllers=" + CONTROLLERS);
    }

    void start() {
        etcd.start();
        apiServer.start();
        try {
            Files.writeString(kubeconfig, """
                    apiVersion: v1
                    kind: Config
                    clusters:
                    - {name: test, cluster: {server: "%s", certificate-authority: %s}}
                    users:
                    - {name: admin, user: {token: %s}}
                    contexts:
                    - {name: test, context: {cluster: test, user: admin}}
                    current-context: test
                    """.formatted(url(), certificate(), ADMIN_TOKEN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops everything and removes its files; a second time it does nothing. */
    void close() {
        if (!Files.exists(directory)) {
            return;
        }
        controllerManager.kill();
        apiServer.kill();
        etcd.kill();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "https://127.0.0.1:" + port;
    }

    /** The API server's own certificate and the authority that signed it. */
    Path certificate() {
        return directory.resolve("apiserver.crt");
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    Path directory() {
        return directory;
    }

    Daemon apiServer() {
        return apiServer;
    }

    Daemon controllerManager() {
        return controllerManager;
    }
}

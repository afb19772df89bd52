package dev.tagma.app.remote;

import dev.tagma.app.fleet.ClusterAddress;
import dev.tagma.app.fleet.FleetException;
import dev.tagma.app.fleet.FleetException.Kind;
import dev.tagma.gateway.grpc.PrivateKeyPem;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The way from a kubeconfig to a gateway: its address, or a port-forward to its Service through the API server, which is encrypted and
 * authenticated up to the node. The API server's service proxy would be simpler, but takes the caller's token for itself.
 */
final class Way {
    private static final Logger LOG = System.getLogger(Way.class.getName());
    private static final String SERVICE = "tagma-gateway";
    private static final String PORT = "http";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int REQUEST_MILLIS = 30_000;

    private Way() {}

    static KubernetesFleet to(ClusterAddress address) {
        if (address.gateway() != null && address.gateway().getScheme().equals("http")) {
            requireLoopback(address.gateway());
        }
        Kubeconfig.User user = user(address);
        KubernetesClient client = client(config(address, user));
        try {
            KubeconfigIdentity identity = new KubeconfigIdentity(
                    client, address.serviceAccount(), user.plugin().orElse(null));
            // without one nothing can be asked: said before anything is opened
            identity.token();
            HttpClient.Builder http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
            if (address.gatewayCa() != null) {
                http.sslContext(TrustedCertificates.in(address.gatewayCa()));
            }
            HttpClient connected = http.build();
            Optional<LocalPortForward> forward =
                    address.gateway() == null ? Optional.of(forward(client, address)) : Optional.empty();
            URI base = forward.map(Way::local).orElse(address.gateway());
            return new KubernetesFleet(new GatewayClient(base, connected, identity), client, () -> {
                connected.shutdownNow();
                forward.ifPresent(Way::close);
                client.close();
            });
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Throws FleetException where a kubeconfig leads nowhere. */
    private static Kubeconfig.User user(ClusterAddress address) {
        List<Path> files = address.kubeconfig() != null
                ? List.of(address.kubeconfig())
                : Config.getKubeconfigFilenames().stream()
                        .map(Path::of)
                        .filter(Files::exists)
                        .toList();
        Kubeconfig kubeconfig = Kubeconfig.of(files);
        // without one a pod speaks as its service account
        boolean inCluster = kubeconfig.empty() && address.kubeconfig() == null && address.context() == null;
        return inCluster ? Kubeconfig.User.NONE : kubeconfig.user(address.context());
    }

    private static KubernetesClient client(Config config) {
        try {
            return new KubernetesClientBuilder().withConfig(config).build();
        } catch (KubernetesClientException e) {
            throw new FleetException(Kind.Refused, "the kubeconfig cannot be used: " + ApiServerTrouble.said(e), e);
        }
    }

    private static Config config(ClusterAddress address, Kubeconfig.User user) {
        Config found = address.kubeconfig() == null
                ? Config.autoConfigure(address.context())
                : Config.fromKubeconfig(address.context(), address.kubeconfig().toFile());
        String current = found.getCurrentContext() == null
                ? null
                : found.getCurrentContext().getName();
        if (address.context() != null && !address.context().equals(current)) {
            throw new FleetException(Kind.Refused, "the kubeconfig has no context " + address.context());
        }
        user.tokenFile().ifPresent(file -> found.setOauthTokenProvider(() -> token(file)));
        return new ConfigBuilder(found)
                .withClientKeyAlgo(keyAlgorithm(found))
                .withConnectionTimeout((int) CONNECT.toMillis())
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(1)
                .build();
    }

    /** The client takes any key in PKCS#8 for one of RSA unless it is told. */
    private static String keyAlgorithm(Config found) {
        try {
            if (found.getClientKeyData() != null) {
                return PrivateKeyPem.read(Base64.getMimeDecoder().decode(found.getClientKeyData()))
                        .getAlgorithm();
            }
            if (found.getClientKeyFile() != null) {
                return PrivateKeyPem.read(Files.readAllBytes(Path.of(found.getClientKeyFile())))
                        .getAlgorithm();
            }
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "the kubeconfig's key is the client's to complain of", e);
        }
        return found.getClientKeyAlgo();
    }

    /** Read each time: who keeps the file replaces what is in it. */
    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new FleetException(Kind.Refused, "the kubeconfig's tokenFile " + file + " cannot be read", e);
        }
    }

    /** A token that crosses a network in the clear is anybody's. */
    private static void requireLoopback(URI gateway) {
        try {
            if (InetAddress.getByName(gateway.getHost()).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new FleetException(Kind.Unreachable, "the gateway's host " + gateway.getHost() + " is not known", e);
        }
        throw new FleetException(
                Kind.Refused, "the token would go to " + gateway + " in the clear: name an https address, or none");
    }

    private static LocalPortForward forward(KubernetesClient client, ClusterAddress address) {
        String name = address.gatewayNamespace() + "/" + SERVICE;
        try {
            Service service = client.services()
                    .inNamespace(address.gatewayNamespace())
                    .withName(SERVICE)
                    .get();
            if (service == null) {
                throw new FleetException(
                        Kind.Refused,
                        "there is no Service " + name
                                + ": install Tagma, or say where it is with --gateway-namespace NS or --gateway URL");
            }
            return client.services()
                    .inNamespace(address.gatewayNamespace())
                    .withName(SERVICE)
                    .portForward(port(service, name));
        } catch (KubernetesClientException | IllegalStateException e) {
            throw e instanceof KubernetesClientException refused
                    ? ApiServerTrouble.translate("port-forward to " + name, refused)
                    : new FleetException(Kind.Unreachable, "port-forward to " + name + ": " + e.getMessage(), e);
        }
    }

    /** Where its pods listen without TLS: they are reached on their own loopback. */
    static int port(Service service, String name) {
        return service.getSpec().getPorts().stream()
                .filter(port -> PORT.equals(port.getName()))
                .findFirst()
                .map(Way::target)
                .orElseThrow(() -> new FleetException(
                        Kind.Refused,
                        "the Service " + name + " has no port " + PORT + ": name the gateway with --gateway URL"));
    }

    private static int target(ServicePort port) {
        Integer target =
                port.getTargetPort() == null ? null : port.getTargetPort().getIntVal();
        return target == null ? port.getPort() : target;
    }

    private static URI local(LocalPortForward forward) {
        return URI.create("http://127.0.0.1:" + forward.getLocalPort());
    }

    private static void close(LocalPortForward forward) {
        try {
            forward.close();
        } catch (IOException e) {
            // the process ends with it
        }
    }
}

package dev.tagma.app;

import dev.tagma.app.fleet.ClusterAddress;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command speaks to, if to any. */
final class ClusterOptions {
    private static final String GATEWAY_NAMESPACE = "tagma-system";

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "work on the cluster of this context of the kubeconfig")
    String context;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "work on the cluster of this kubeconfig")
    Path kubeconfig;

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description =
                    "work on a cluster through its gateway at https://HOST:PORT, in place of a port-forward to the Service tagma-gateway")
    String gateway;

    @Option(names = "--gateway-ca", paramLabel = "FILE", description = "certificates that vouch for the gateway (PEM)")
    Path gatewayCa;

    @Option(
            names = "--gateway-namespace",
            paramLabel = "NS",
            description = "where the gateway's Service is (default: " + GATEWAY_NAMESPACE + ")")
    String gatewayNamespace;

    @Option(
            names = "--service-account",
            paramLabel = "NAME",
            description =
                    "speak to the gateway as this service account of the context's namespace, with a token that the API server gives for it; for kubeconfigs with a client certificate, which a gateway cannot see")
    String serviceAccount;

    /** Whether an option says that a cluster is meant. */
    boolean named() {
        return context != null || kubeconfig != null || gateway != null;
    }

    /** Throws CommandException where the gateway's address is none. */
    ClusterAddress address(Console console) {
        String url = gateway == null ? console.variable("TAGMA_GATEWAY") : gateway;
        String namespace = gatewayNamespace == null ? console.variable("TAGMA_GATEWAY_NAMESPACE") : gatewayNamespace;
        String ca = console.variable("TAGMA_GATEWAY_CA");
        return new ClusterAddress(
                kubeconfig,
                context,
                url.isEmpty() ? null : uri(url),
                gatewayCa != null ? gatewayCa : ca.isEmpty() ? null : Path.of(ca),
                namespace.isEmpty() ? GATEWAY_NAMESPACE : namespace,
                serviceAccount);
    }

    private static URI uri(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new CommandException(
                ExitCode.Invalid, "--gateway is no address of a gateway: " + url + ": write it as https://HOST:PORT");
    }

    /** The options as another command has to repeat them: empty, or with a leading space. */
    String repeated() {
        return (context == null ? "" : " --context " + context)
                + (kubeconfig == null ? "" : " --kubeconfig " + kubeconfig)
                + (gateway == null ? "" : " --gateway " + gateway);
    }
}

package dev.tagma.app.remote;

import dev.tagma.app.fleet.FleetException;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The user of a kubeconfig: its token, or the one that its credential plugin gives. A client certificate stays between the user and the API
 * server; who has one speaks as a service account, for which the API server is asked for a token.
 */
final class KubeconfigIdentity implements Identity {
    private static final Duration LIFE = Duration.ofHours(1);

    private final KubernetesClient client;
    private final String serviceAccount;
    private final String plugin;
    private Config config;
    private String requested;

    /** {@code serviceAccount} of the context's namespace, or null for the user itself; {@code plugin} that gives its token, or null. */
    KubeconfigIdentity(KubernetesClient client, String serviceAccount, String plugin) {
        this.plugin = plugin;
        this.client = client;
        this.config = client.getConfiguration();
        this.serviceAccount = serviceAccount;
    }

    @Override
    public synchronized String token() {
        if (serviceAccount != null) {
            requested = requested == null ? request() : requested;
            return requested;
        }
        String provided = config.getOauthTokenProvider() == null
                ? null
                : config.getOauthTokenProvider().getToken();
        return Stream.of(provided, config.getOauthToken(), config.getAutoOAuthToken())
                .filter(token -> token != null && !token.isBlank())
                .findFirst()
                .map(KubeconfigIdentity::fit)
                .orElseThrow(() -> new FleetException(FleetException.Kind.Refused, nothingToShow()));
    }

    /** What no header can hold would be shown by whoever refuses it. */
    private static String fit(String token) {
        String stripped = token.strip();
        if (stripped.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new FleetException(
                    FleetException.Kind.Refused, "the token of the kubeconfig's user holds a blank or a line break");
        }
        return stripped;
    }

    private String nothingToShow() {
        if (plugin != null) {
            return "the credential plugin " + plugin
                    + " of the kubeconfig's user gave no token: run it by hand to see why, or log in anew";
        }
        boolean certificate = config.getClientCertFile() != null || config.getClientCertData() != null;
        return (certificate
                        ? "the kubeconfig's user has a client certificate, which a gateway cannot see"
                        : "the kubeconfig's user has no token to show to the gateway")
                + ": name a service account that may do this with --service-account NAME, or use a context whose user has a token or a credential plugin";
    }

    private String request() {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(LIFE.toSeconds())
                .endSpec()
                .build();
        String namespace = config.getNamespace() == null ? "default" : config.getNamespace();
        try {
            return client.serviceAccounts()
                    .inNamespace(namespace)
                    .withName(serviceAccount)
                    .tokenRequest(request)
                    .getStatus()
                    .getToken();
        } catch (KubernetesClientException e) {
            throw new FleetException(
                    FleetException.Kind.Refused,
                    "no token for the service account " + namespace + "/" + serviceAccount + ": "
                            + ApiServerTrouble.said(e),
                    e);
        }
    }

    @Override
    public synchronized void renew() {
        requested = null;
        if (config.getOauthTokenProvider() == null) {
            config = config.refresh();
        }
    }
}

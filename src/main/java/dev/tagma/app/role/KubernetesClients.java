package dev.tagma.app.role;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** The way to the API server: as kubectl finds it, and impatient, since every caller has a retry of its own. */
final class KubernetesClients {
    private static final int CONNECT_MILLIS = 3_000;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int RETRIES = 2;

    /** A watch whose connection is dead without anybody having been told is opened anew within twice this time. */
    private static final long PING_MILLIS = 10_000;

    private KubernetesClients() {}

    static KubernetesClient open() {
        return open(Config.autoConfigure(null));
    }

    static KubernetesClient open(Config found) {
        Config config = new ConfigBuilder(found)
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES)
                .withWebsocketPingInterval(PING_MILLIS)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}

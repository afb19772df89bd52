package dev.tagma.app.role;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** The way to the API server: as kubectl finds it, and impatient, since every caller has a retry of its own. */
final class KubernetesClients {
    private static final int CONNECT_MILLIS = 3_000;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int RETRIES = 2;

    private KubernetesClients() {}

    static KubernetesClient open() {
        Config config = new ConfigBuilder(Config.autoConfigure(null))
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .build();
    }

    /**
     * Reads objects without the notes on who set which field: no role asks, and in a watched Mission they are larger than the rest. Whoever
     * writes an object without them changes none.
     */
    static KubernetesSerialization serialization() {
        return new KubernetesSerialization(new ObjectMapper().addMixIn(ObjectMeta.class, Unowned.class), true);
    }

    @JsonIgnoreProperties("managedFields")
    private interface Unowned {}
}

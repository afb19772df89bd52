package dev.tagma.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of requests and watches whose connection ends, or is dead without anybody having been told. */
@Timeout(180)
class KubernetesClientsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String OURS = "test.tagma.dev/client";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.newNamespace("client");

    @Test
    void aWatchThatDiesInSilenceIsOpenedAnewWithinAMinute() {
        try (FakeService network = network();
                KubernetesClient client = through(network);
                var informer = client.configMaps()
                        .inNamespace(namespace)
                        .withLabel(OURS)
                        .inform()) {
            create("before");
            ThreeRoles.waiting(PATIENCE).until(() -> informer.getStore().list().size() == 1);
            network.strand();
            create("after");
            ThreeRoles.waiting(PATIENCE).until(() -> informer.getStore().list().size() == 2);
        }
    }

    @Test
    void aRequestOnAConnectionThatIsClosedIsMadeOnAnother() {
        try (FakeService network = network();
                KubernetesClient client = through(network)) {
            create("there");
            for (int i = 0; i < 50; i++) {
                assertThat(client.configMaps()
                                .inNamespace(namespace)
                                .withLabel(OURS)
                                .list()
                                .getItems())
                        .hasSize(1);
                network.hangUp();
            }
        }
    }

    private FakeService network() {
        return new FakeService(
                List.of(URI.create(cluster.config().getMasterUrl()).getPort()));
    }

    private KubernetesClient through(FakeService network) {
        return KubernetesClients.open(new ConfigBuilder(cluster.config())
                .withMasterUrl("https://" + network.address())
                .build());
    }

    private void create(String name) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(OURS, "")
                .withNamespace(namespace)
                .endMetadata()
                .build();
        cluster.client().resource(map).create();
    }
}

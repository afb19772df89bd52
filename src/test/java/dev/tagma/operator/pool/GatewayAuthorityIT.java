package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.app.TestCertificate;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How runtimes come by what they check their gateway by. */
class GatewayAuthorityIT {
    @TempDir
    private Path directory;

    private Path file;
    private String first;
    private OperatorRig rig;

    @BeforeEach
    void open() throws Exception {
        file = directory.resolve("ca.crt");
        first = TestCertificate.make(directory, "first").certificate();
        TestCertificate.put(file, first);
        rig = new OperatorRig(Cluster.shared().withControllerManager(), file);
        rig.operator();
        Pools.serving(rig, "p");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Map<String, String> given() {
        ConfigMap map = rig.get(ConfigMap.class, "p-runtime");
        return map == null ? Map.of() : map.getData();
    }

    private void awaitGiven(String certificates) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(given()).isEqualTo(Map.of("ca.crt", certificates)));
    }

    @Test
    void eachPoolHasItsCopyThatItsPodsReadAndThatGoesWithIt() {
        awaitGiven(first);
        Pod pod = rig.pods("p").getFirst();
        assertThat(pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getConfigMap() != null)
                .singleElement()
                .satisfies(volume -> assertThat(volume.getConfigMap().getName()).isEqualTo("p-runtime"));
        assertThat(pod.getSpec().getContainers().getFirst().getEnv())
                .filteredOn(each -> each.getName().equals("TAGMA_GATEWAY_CA"))
                .extracting(EnvVar::getValue)
                .containsExactly("/var/run/tagma-ca/ca.crt");
        rig.cluster.kubectl("delete", "agentpool", "p", "-n", rig.namespace).ok();
        await().atMost(OperatorRig.PATIENCE).until(() -> rig.get(ConfigMap.class, "p-runtime") == null);
    }

    @Test
    void renewedItReachesThePoolsAndRollsNoPod() throws Exception {
        String before = rig.get(Deployment.class, "p-runtime").getMetadata().getGeneration() + " "
                + rig.pods("p").getFirst().getMetadata().getUid();
        String both = first + TestCertificate.make(directory, "second").certificate();
        TestCertificate.put(file, both);
        awaitGiven(both);
        assertThat(rig.get(Deployment.class, "p-runtime").getMetadata().getGeneration() + " "
                        + rig.pods("p").getFirst().getMetadata().getUid())
                .isEqualTo(before);
    }

    @Test
    void takenAwayOrChangedByHandItComesBack() {
        rig.cluster
                .kubectl("delete", "configmap", "p-runtime", "-n", rig.namespace)
                .ok();
        awaitGiven(first);
        String harm = "{\"data\":{\"ca.crt\":\"\"}}";
        rig.cluster
                .kubectl("patch", "configmap", "p-runtime", "-n", rig.namespace, "--type=merge", "-p", harm)
                .ok();
        awaitGiven(first);
    }

    @Test
    void whatIsNoCertificateReachesNoPoolAndThePoolSaysSo() throws Exception {
        TestCertificate.put(file, "no certificate");
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(OperatorRig.ready(rig.pool("p")).message())
                        .contains(file.toString(), "no PEM file"));
        assertThat(given()).isEqualTo(Map.of("ca.crt", first));
        TestCertificate.put(file, first);
        rig.awaitReason("p", "Available");
    }
}

package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody else does to the objects of a pool, one kind at a time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolDriftIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A kind, a change that hurts us, and one that does not concern us. */
    enum Owned {
        DEPLOYMENT(
                Deployment.class,
                "{\"spec\":{\"replicas\":7}}",
                "/spec/replicas",
                "{\"spec\":{\"minReadySeconds\":1}}",
                "/spec/minReadySeconds"),
        SERVICE_ACCOUNT(
                ServiceAccount.class,
                "{\"automountServiceAccountToken\":true}",
                "/automountServiceAccountToken",
                "{\"imagePullSecrets\":[{\"name\":\"registry\"}]}",
                "/imagePullSecrets"),
        DISRUPTION_BUDGET(
                PodDisruptionBudget.class,
                "{\"spec\":{\"maxUnavailable\":5}}",
                "/spec/maxUnavailable",
                "{\"metadata\":{\"annotations\":{\"team\":\"carbon\"}}}",
                "/metadata/annotations/team"),
        NETWORK_POLICY(
                NetworkPolicy.class,
                "{\"spec\":{\"egress\":[{}]}}",
                "/spec/egress",
                "{\"metadata\":{\"annotations\":{\"team\":\"carbon\"}}}",
                "/metadata/annotations/team");

        private final Class<? extends HasMetadata> type;
        private final String harm;
        private final String where;
        private final String theirs;
        private final String whereTheirs;

        Owned(Class<? extends HasMetadata> type, String harm, String where, String theirs, String whereTheirs) {
            this.type = type;
            this.harm = harm;
            this.where = where;
            this.theirs = theirs;
            this.whereTheirs = whereTheirs;
        }
    }

    private OperatorRig rig;

    @BeforeAll
    void open() {
        rig = new OperatorRig(Cluster.shared().withControllerManager());
        rig.operator();
        Pools.serving(rig, "p");
    }

    @AfterAll
    void close() {
        rig.close();
    }

    private JsonNode now(Owned owned) {
        HasMetadata object = rig.get(owned.type, "p-runtime");
        return object == null ? JSON.missingNode() : JSON.valueToTree(object);
    }

    private void awaitAsBefore(Owned owned, JsonNode before) {
        await().atMost(OperatorRig.PATIENCE)
                .untilAsserted(() -> assertThat(now(owned).at(owned.where)).isEqualTo(before.at(owned.where)));
    }

    private void patch(Owned owned, String change) {
        rig.cluster
                .kubectl(
                        "patch",
                        owned.type.getSimpleName(),
                        "p-runtime",
                        "-n",
                        rig.namespace,
                        "--type=merge",
                        "-p",
                        change)
                .ok();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsChangedByHandComesBack(Owned owned) {
        JsonNode before = now(owned);
        assertThat(before.at(owned.where).isMissingNode()).isFalse();
        patch(owned, owned.harm);
        awaitAsBefore(owned, before);
        patch(owned, "{\"metadata\":{\"labels\":{\"tagma.dev/pool\":\"other\"}}}");
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> now(owned)
                        .at("/metadata/labels/tagma.dev~1pool")
                        .asText()
                        .equals("p"));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDeletedByHandComesBack(Owned owned) {
        JsonNode before = now(owned);
        rig.cluster
                .kubectl("delete", owned.type.getSimpleName(), "p-runtime", "-n", rig.namespace, "--wait=false")
                .ok();
        awaitAsBefore(owned, before);
        assertThat(now(owned).at("/metadata/uid")).isNotEqualTo(before.at("/metadata/uid"));
    }

    @ParameterizedTest
    @EnumSource
    void whatAnotherManagerTookIsTakenBackAndWhatIsItsOwnStays(Owned owned) throws Exception {
        JsonNode before = now(owned);
        ObjectNode theirs = (ObjectNode) JSON.readTree(owned.harm);
        theirs.put("apiVersion", before.at("/apiVersion").asText());
        theirs.put("kind", before.at("/kind").asText());
        theirs.withObject("/metadata").put("name", "p-runtime");
        rig.cluster
                .kubectlWithInput(
                        theirs.toString(),
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--field-manager=gitops",
                        "-n",
                        rig.namespace,
                        "-f",
                        "-")
                .ok();
        patch(owned, owned.theirs);
        awaitAsBefore(owned, before);
        assertThat(now(owned).at(owned.whereTheirs))
                .isEqualTo(JSON.readTree(owned.theirs).at(owned.whereTheirs));
    }

    @Test
    void aFinalizerTakenAwayComesBack() {
        rig.cluster
                .kubectl(
                        "patch",
                        "agentpool",
                        "p",
                        "-n",
                        rig.namespace,
                        "--type=merge",
                        "-p",
                        "{\"metadata\":{\"finalizers\":[]}}")
                .ok();
        await().atMost(OperatorRig.PATIENCE)
                .until(() -> rig.pool("p").getMetadata().getFinalizers().equals(List.of(PoolReconciler.FINALIZER)));
    }

    @Test
    void aStatusWrittenByAStrangerIsPutRight() {
        rig.cluster
                .kubectl(
                        "patch",
                        "agentpool",
                        "p",
                        "-n",
                        rig.namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"readyReplicas\":99,\"revision\":99}}")
                .ok();
        await().atMost(OperatorRig.PATIENCE).untilAsserted(() -> {
            assertThat(rig.pool("p").getStatus().readyReplicas()).isNotEqualTo(99);
            assertThat(rig.pool("p").getStatus().revision()).isEqualTo(1);
        });
    }
}

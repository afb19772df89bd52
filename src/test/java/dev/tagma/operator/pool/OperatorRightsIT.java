package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.app.TestCertificate;
import dev.tagma.kube.AuditLog;
import dev.tagma.kube.Cluster;
import dev.tagma.kube.Right;
import dev.tagma.operator.OperatorProcess;
import dev.tagma.operator.OperatorRig;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The operator under the rights of src/main/kube/rbac.yaml, measured by what the API server wrote down. */
@Timeout(300)
class OperatorRightsIT {
    private static final String HOME = "tagma-system";
    private static final String NAME = "tagma-operator";
    private static final Path RIGHTS = Path.of("src/main/kube/rbac.yaml");
    private static final String APPLIED = "an apply that creates is a patch, and the API server asks for both";

    /** Rights that no request of this test shows, and why they are granted. */
    private static final Map<String, String> WITHOUT_A_REQUEST = Map.of(
            "update agentpools/finalizers.tagma.dev",
            "the API server asks for it where an object's owner may not be deleted before it: see its flag here",
            "update leases.coordination.k8s.io",
            "the SDK starts only where it may, though it patches",
            "get agentpools.tagma.dev",
            "the SDK reads a pool anew whose finalizer somebody else's write kept it from writing",
            "get missions.tagma.dev",
            "a mission is read where a row is left without one, or where a newer version may have written it",
            "create deployments.apps",
            APPLIED,
            "create services",
            APPLIED,
            "create serviceaccounts",
            APPLIED,
            "create poddisruptionbudgets.policy",
            APPLIED,
            "create networkpolicies.networking.k8s.io",
            APPLIED,
            "create configmaps",
            APPLIED);

    @TempDir
    private Path directory;

    @Test
    void operatorUsesWhatItIsGrantedAndNothingElse() throws Exception {
        Path authority = directory.resolve("ca.crt");
        TestCertificate.put(authority, TestCertificate.make(directory, "ca").certificate());
        AuditLog log = new AuditLog(directory, HOME + ":" + NAME);
        List<String> flags = new ArrayList<>(log.flags());
        flags.add("--enable-admission-plugins=OwnerReferencesPermissionEnforcement");
        try (Cluster cluster = Cluster.own(flags.toArray(String[]::new))) {
            cluster.applyCrds();
            cluster.kubectl("apply", "--server-side", "-f", RIGHTS.getParent().toString())
                    .ok();
            cluster.withControllerManager();
            try (OperatorRig rig = new OperatorRig(cluster, authority)) {
                OperatorProcess operator = rig.operator(cluster.serviceAccountClient(HOME, NAME), HOME, () -> {});
                work(rig);
                operator.close();
            }
            assertThat(log.refused()).as("refused").isEmpty();
            assertThat(log.idle(Right.granted(RIGHTS, NAME), NAME))
                    .as("granted in " + RIGHTS + " and never used")
                    .isSubsetOf(WITHOUT_A_REQUEST.keySet());
        }
    }

    /** All that an operator does to objects, once. */
    private static void work(OperatorRig rig) {
        Pools.serving(rig, "p");
        rig.cluster.kubectl("delete", "service/p-runtime", "-n", rig.namespace).ok();
        await().until(() -> rig.get(Service.class, "p-runtime") != null);

        rig.apply(KEYED);
        String reason = "--for=jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=SecretNotFound";
        rig.cluster
                .kubectl("wait", reason, "modelprovider/keyed", "--timeout=60s", "-n", rig.namespace)
                .ok();

        UUID uid = UUID.fromString(rig.pool("p").getMetadata().getUid());
        PoolWork served = new PoolWork(rig.store, uid);
        String pod = rig.pods("p").getFirst().getMetadata().getName();
        var running = served.start(served.runtime(pod), 3);
        await().until(() -> rig.get(Pod.class, pod).getMetadata().getAnnotations() != null
                && rig.get(Pod.class, pod).getMetadata().getAnnotations().containsKey(DeletionCosts.ANNOTATION));

        rig.apply(
                "{apiVersion: tagma.dev/v1alpha1, kind: Mission, metadata: {name: m}, spec: {goal: go, poolRef: {name: p}}}");
        await().until(() ->
                "Queued".equals(rig.get(Mission.class, "m").getStatus().reason()));

        rig.cluster
                .kubectl("delete", "agentpool", "p", "--wait=false", "-n", rig.namespace)
                .ok();
        await().until(() -> rig.events("p").contains("Normal Draining"));
        running.forEach(served::finish);
        await().until(() -> rig.pool("p") == null);
    }

    private static final String KEYED = """
            apiVersion: tagma.dev/v1alpha1
            kind: ModelProvider
            metadata: {name: keyed}
            spec: {type: OpenAI, endpoint: "http://127.0.0.1:1", credentials: {secretKeyRef: {name: none, key: apiKey}}}
            """;
}

package dev.tagma.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tagma.kube.Cluster;
import dev.tagma.operator.OperatorRig;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool that a newer version stored, with a word that this one does not know. */
@Timeout(300)
class PoolOfAnotherVersionIT {
    private static final String TOOLS = "tools: [{name: t, %s}]";

    @Test
    void whatCannotBeReadWholeReachesNoMissionAndStopsNoOtherPool() {
        try (Cluster cluster = Cluster.own()) {
            cluster.applyCrds();
            String crd = cluster.kubectl("get", "crd", "agentpools.tagma.dev", "-o", "json")
                    .ok();
            cluster.kubectlWithInput(
                            crd.replace("\"Calculator\",", "\"Calculator\",\"Quantum\","), "replace", "-f", "-")
                    .ok();
            try (OperatorRig rig = new OperatorRig(cluster)) {
                rig.apply(Pools.PROVIDER);
                String newer = Pools.pool("newer", TOOLS.formatted("builtin: Quantum"));
                await().until(() -> cluster.kubectlWithInput(newer, "apply", "-n", rig.namespace, "-f", "-")
                                .exit()
                        == 0);
                rig.operator();
                rig.apply(Pools.pool("later", TOOLS.formatted("builtin: Calculator")));
                await().until(() -> published(rig, "later"));
                assertThat(published(rig, "newer")).isFalse();
                rig.awaitReason("newer", "UnknownField");
                assertThat(rig.pool("newer").getStatus().conditions().getFirst().message())
                        .contains("spec.tools[0].builtin Quantum");

                rig.apply(Pools.pool("newer", TOOLS.formatted("builtin: Calculator")));
                await().until(() -> published(rig, "newer"));
            }
        }
    }

    private static boolean published(OperatorRig rig, String pool) {
        return rig.store
                .pools()
                .latest(UUID.fromString(rig.pool(pool).getMetadata().getUid()))
                .isPresent();
    }
}

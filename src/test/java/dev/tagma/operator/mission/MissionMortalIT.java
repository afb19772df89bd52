package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Phase;
import dev.tagma.operator.MortalClients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An operator that is killed between any two of its writes, to the API server and to the store, and another that takes over. */
class MissionMortalIT {
    private static final Set<String> WRITES = Set.of("admit", "cancel", "suspend", "resume", "forget");
    private static final int MOST_WRITES = 40;

    @Test
    void killedBetweenAnyTwoWritesNothingIsLostAndNothingIsDoneTwice() throws Exception {
        int writes = 0;
        while (diesAfter(writes)) {
            writes++;
            assertThat(writes).as("writes of one mission's way").isLessThan(MOST_WRITES);
        }
        assertThat(writes).as("writes of one mission's way").isGreaterThan(6);
    }

    /** Answers whether it came to that. */
    private static boolean diesAfter(int writes) throws Exception {
        MortalClients mortal = new MortalClients(writes);
        try (MissionRig rig = new MissionRig()) {
            UUID pool = rig.pool(100);
            MissionStore store = mortal.mortal(MissionStore.class, rig.store.missions(), WRITES);
            rig.operator(
                    rig.parts(rig.keep(mortal.open(rig.cluster.config())), rig.store, store), InstantSource.system());
            new Way(rig, pool, mortal).go();
            return mortal.dead();
        }
    }

    /** One mission from its creation to its deletion; whoever is needed for the next step is started when the first operator is dead. */
    private static final class Way {
        private final MissionRig rig;
        private final UUID pool;
        private final MortalClients mortal;
        private boolean replaced;

        Way(MissionRig rig, UUID pool, MortalClients mortal) {
            this.rig = rig;
            this.pool = pool;
            this.mortal = mortal;
        }

        void go() {
            UUID uid = RunIdentity.own(rig.mission("m"));
            Binding first = bind();
            awaitReason("Running");
            rig.patch("m", "{\"suspend\":true}");
            awaitReason("Suspended");
            rig.patch("m", "{\"suspend\":false}");
            Binding second = bind();
            assertThat(second.claim().uid()).isEqualTo(first.claim().uid()).isEqualTo(uid);
            awaitReason("Running");
            rig.finish(second, Outcome.succeeded("done", null));
            awaitReason("Succeeded");
            Mission ended = rig.get("m");
            assertThat(ended.getStatus().result().summary()).isEqualTo("done");
            assertThat(ended.getStatus().runtime().epoch()).isEqualTo(row(uid).epoch());
            await(() -> RunIdentity.isMarked(rig.get("m")));
            rig.delete("m");
            await(() -> rig.store.missions().after(0, 10).isEmpty());
            assertThat(row(uid).phase()).isEqualTo(Phase.Succeeded);
            assertThat(rig.store.poolMissions().count(pool).all()).isZero();
        }

        private MissionRecord row(UUID uid) {
            return rig.store.missions().find(uid).orElseThrow();
        }

        private Binding bind() {
            await(() -> rig.store.poolMissions().count(pool).queued() == 1);
            return rig.bind(pool);
        }

        private void awaitReason(String reason) {
            await(() -> reason.equals(rig.get("m").getStatus().reason()));
        }

        private void await(Callable<Boolean> condition) {
            Awaitility.await()
                    .atMost(MissionRig.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        if (mortal.dead() && !replaced) {
                            replaced = true;
                            rig.operator();
                        }
                        return condition.call();
                    });
        }
    }
}

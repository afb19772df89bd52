package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.catalog.FakeCatalog;
import dev.tagma.mission.Phase;
import dev.tagma.store.memory.InMemoryStore;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    private final InMemoryStore store = new InMemoryStore(InstantSource.fixed(Missions.NOW));
    private final MissionIndex index = new MissionIndex();
    private final FakeCatalog catalog = new FakeCatalog();
    private final Map<String, Mission> stored = new HashMap<>();
    private final UUID pool = UUID.randomUUID();
    private KubernetesClientException trouble;
    private int asked;
    private Instant now = Missions.NOW;
    private final Departures departures = new Departures(store.missions(), index, new Declared(), () -> now);

    private final class Declared implements Departures.Declared {
        @Override
        public boolean watches(String namespace) {
            return namespace.equals("n");
        }

        @Override
        public Optional<AgentPool> pool(String namespace, String name) {
            return catalog.pool(namespace, name);
        }

        @Override
        public Mission mission(String namespace, String name) {
            asked++;
            if (trouble != null) {
                throw trouble;
            }
            return stored.get(name);
        }
    }

    @Test
    void whoWasSeenToGoIsForgottenAtOnce() {
        Mission mission = admitted("m");
        index.put(mission);
        departures.gone(RunIdentity.own(mission));
        departures.round();
        assertThat(phase(mission)).isEqualTo(Phase.Cancelled);
        assertThat(asked).isZero();
    }

    @Test
    void whoWentUnseenIsFoundAndAskedFor() {
        Mission gone = admitted("gone");
        Mission hidden = admitted("hidden");
        stored.put("hidden", hidden);
        departures.round();
        assertThat(phase(gone)).isEqualTo(Phase.Cancelled);
        assertThat(phase(hidden)).isEqualTo(Phase.Queued);
    }

    @Test
    void whoIsKnownIsNotAskedFor() {
        index.put(admitted("m"));
        departures.round();
        assertThat(asked).isZero();
    }

    @Test
    void anotherOfTheSameNameIsNotTheSame() {
        Mission gone = admitted("m");
        stored.put("m", Missions.open("m", UUID.randomUUID()));
        departures.round();
        assertThat(phase(gone)).isEqualTo(Phase.Cancelled);
    }

    @Test
    void aRestoredMissionKeepsTheRowOfItsRun() {
        Mission run = admitted("m");
        stored.put(
                "m",
                Missions.restored("m", UUID.randomUUID(), RunIdentity.own(run).toString()));
        departures.round();
        assertThat(phase(run)).isEqualTo(Phase.Queued);
    }

    @Test
    void rowsOfPoolsThatAreNotHereAreSomebodyElses() {
        Mission mission = admitted("m");
        catalog.withdraw(Missions.pool(pool, ""));
        departures.round();
        assertThat(phase(mission)).isEqualTo(Phase.Queued);
        assertThat(asked).isZero();
    }

    /** It would keep every deleted mission in the store, of whatever pool. */
    @Test
    void aPoolThatCannotBeToldKeepsNobodyFromTheOthers() {
        Mission untold = admitted("untold");
        catalog.untold("n", "default");
        departures.round();
        departures.round();
        assertThat(phase(untold)).isEqualTo(Phase.Queued);
        departures.gone(RunIdentity.own(admitted("seen")));
        departures.round();
        catalog.toldAgain();
        departures.round();
        assertThat(phase(untold)).isEqualTo(Phase.Queued);
        now = now.plus(Duration.ofSeconds(30));
        departures.round();
        assertThat(phase(untold)).isEqualTo(Phase.Cancelled);
    }

    @Test
    void anApiServerThatIsAwayEndsTheRoundAndARefusalDoesNot() {
        Mission gone = admitted("m");
        trouble = new KubernetesClientException("away");
        assertThatThrownBy(departures::round).isSameAs(trouble);
        trouble = new KubernetesClientException("refused", 403, null);
        departures.round();
        assertThat(phase(gone)).isEqualTo(Phase.Queued);
        trouble = null;
        departures.round();
        now = now.plus(Duration.ofSeconds(30));
        departures.round();
        assertThat(phase(gone)).isEqualTo(Phase.Cancelled);
    }

    @Test
    void aRoundThroughTheStoreIsMadeEveryTenMinutes() {
        departures.round();
        Mission gone = admitted("m");
        now = now.plus(Duration.ofMinutes(9));
        departures.round();
        assertThat(phase(gone)).isEqualTo(Phase.Queued);
        now = now.plus(Duration.ofMinutes(1));
        departures.round();
        assertThat(phase(gone)).isEqualTo(Phase.Cancelled);
    }

    private Mission admitted(String name) {
        AgentPool declared = Missions.pool(pool, "");
        catalog.declare(declared);
        store.pools().publish(pool, "n", "default", declared.getSpec(), Map.of());
        Mission mission = Missions.open(name, UUID.randomUUID());
        store.missions().admit(List.of(Missions.admission(mission, pool)));
        return mission;
    }

    private Phase phase(Mission mission) {
        return store.missions().find(RunIdentity.own(mission)).orElseThrow().phase();
    }
}

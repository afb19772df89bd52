package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.AgentPool;
import dev.tagma.api.v1alpha1.KeyRef;
import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.catalog.CatalogUnavailableException;
import dev.tagma.catalog.FakeCatalog;
import dev.tagma.catalog.MissionResolver;
import dev.tagma.mission.LocalHints;
import dev.tagma.mission.Reason;
import dev.tagma.operator.mission.MissionAdmission.Result;
import dev.tagma.operator.mission.WaitingRoom.Need;
import dev.tagma.store.memory.InMemoryStore;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MissionAdmissionTest {
    private final AtomicReference<Object> stored = new AtomicReference<>();
    private final InMemoryStore store = new InMemoryStore(InstantSource.fixed(Missions.NOW));
    private final FakeCatalog catalog = new FakeCatalog();
    private final List<String> called = new ArrayList<>();
    private final WaitingRoom waiting = new WaitingRoom();
    private final AdmissionDesk desk =
            new AdmissionDesk(store.missions(), store.poolMissions(), new LocalHints(), id -> called.add(id.getName()));
    private final MissionAdmission admission = new MissionAdmission(
            new UnknownFields(mission -> stored.get()), new MissionResolver(catalog), store.pools(), desk, waiting);
    private final UUID pool = UUID.randomUUID();

    @Test
    void withoutItsPoolItWaitsForThePool() {
        Mission mission = mission("m");
        assertThat(reason(mission)).isEqualTo(Reason.PoolNotFound);
        assertThat(waiting.waitingFor(new Need.Pool("n", "default"))).containsExactly(id(mission));
        assertThat(holds(mission)).isTrue();
    }

    @Test
    void aPoolWithoutARevisionIsNotReady() {
        catalog.declare(Missions.pool(pool, ""));
        assertThat(reason(mission("m"))).isEqualTo(Reason.PoolNotReady);
    }

    @Test
    void aPoolThatIsBeingDeletedTakesNobody() {
        AgentPool going = published("");
        going.getMetadata().setDeletionTimestamp(Missions.NOW.toString());
        assertThat(reason(mission("m"))).isEqualTo(Reason.PoolNotFound);
    }

    @Test
    void whoEntersWaitsForNothingAnyMore() {
        Mission mission = mission("m");
        admission.admit(mission);
        published("");
        assertThat(admission.admit(mission))
                .isInstanceOfSatisfying(
                        Result.Entered.class,
                        entered -> assertThat(entered.row().uid()).isEqualTo(RunIdentity.own(mission)));
        assertThat(waiting.all()).isEmpty();
        assertThat(holds(mission)).isFalse();
    }

    @Test
    void whoIsTurnedAwayIsHeldByTheDeskAlone() {
        published(", queue: {maxPending: 1}");
        admission.admit(mission("first"));
        Mission turnedAway = mission("second");
        assertThat(reason(turnedAway)).isEqualTo(Reason.QueueFull);
        assertThat(waiting.all()).isEmpty();
        assertThat(holds(turnedAway)).isTrue();
        admission.forget(turnedAway);
        assertThat(holds(turnedAway)).isFalse();
    }

    /** Or it would stand first in line and keep out all who stand behind it. */
    @Test
    void whoseInputsCannotBeToldLeavesTheLine() {
        published(", queue: {maxPending: 1}");
        Mission first = mission("first");
        admission.admit(first);
        catalog.configMap("n", "inputs", "key", "{}");
        Mission untold = mission("untold");
        untold.setSpec(withInputsFrom(new KeyRef("inputs", "key")));
        assertThat(reason(untold)).isEqualTo(Reason.QueueFull);
        Mission third = mission("third");
        third.getMetadata().setCreationTimestamp(Missions.NOW.plusSeconds(1).toString());
        assertThat(reason(third)).isEqualTo(Reason.QueueFull);
        store.missions().cancel(RunIdentity.own(first), "");
        catalog.untold("n", "inputs");
        desk.callIn();
        assertThat(called).containsExactly("untold");
        assertThatThrownBy(() -> admission.admit(untold)).isInstanceOf(CatalogUnavailableException.class);
        called.clear();
        desk.callIn();
        assertThat(called).containsExactly("third");
    }

    @Test
    void whatANewerVersionWroteWaitsForThatVersion() {
        published("");
        Mission newer = mission("m");
        stored.set(Map.of("goal", "go", "budget", Map.of("tokens", 5, "novelty", "x")));
        assertThat(admission.admit(newer)).isInstanceOfSatisfying(Result.Waits.class, waits -> {
            assertThat(waits.reason()).isEqualTo(Reason.UnknownField);
            assertThat(waits.message()).startsWith("spec.budget.novelty is not known");
        });
        assertThat(holds(newer)).isTrue();
    }

    @Test
    void aPoolThatANewerVersionWroteIsNotReady() {
        published("");
        Mission mission = mission("m");
        catalog.notUnderstood("n", "default");
        assertThat(reason(mission)).isEqualTo(Reason.PoolNotReady);
        assertThat(holds(mission)).isTrue();
    }

    @Test
    void whatIsRefusedWaitsForNothing() {
        published("");
        Mission stranger = mission("m");
        stranger.setSpec(new MissionSpec(
                null, "nobody", "go", null, null, null, 10, "5m", null, 0, null, null, null, null, null));
        assertThat(reason(stranger)).isEqualTo(Reason.AgentNotFound);
        assertThat(holds(stranger)).isTrue();
    }

    @Test
    void aDeletedMissionIsNeverRunAgain() {
        published("");
        Mission deleted = mission("m");
        store.missions().forget(List.of(RunIdentity.own(deleted)), "deleted");
        assertThat(admission.admit(deleted))
                .isInstanceOfSatisfying(
                        Result.Ends.class, ends -> assertThat(ends.reason()).isEqualTo(Reason.RunLost));
    }

    private AgentPool published(String more) {
        AgentPool declared = Missions.pool(pool, more);
        catalog.declare(declared);
        store.pools().publish(pool, "n", "default", declared.getSpec(), Map.of());
        return declared;
    }

    private Reason reason(Mission mission) {
        return admission.admit(mission) instanceof Result.Waits(var reason, var message) ? reason : null;
    }

    private boolean holds(Mission mission) {
        return admission.holds(id(mission), RunIdentity.own(mission));
    }

    private static ResourceID id(Mission mission) {
        return ResourceID.fromResource(mission);
    }

    private static Mission mission(String name) {
        return Missions.open(name, UUID.randomUUID());
    }

    private static MissionSpec withInputsFrom(KeyRef ref) {
        return new MissionSpec(
                null,
                "a",
                "go",
                null,
                new MissionSpec.InputsSource(ref),
                null,
                10,
                "5m",
                null,
                0,
                null,
                null,
                null,
                null,
                null);
    }
}

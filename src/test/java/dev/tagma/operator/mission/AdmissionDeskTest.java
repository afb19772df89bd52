package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.LocalHints;
import dev.tagma.mission.MissionStore;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.operator.mission.AdmissionDesk.Answer;
import dev.tagma.operator.mission.AdmissionDesk.Applicant;
import dev.tagma.store.memory.InMemoryStore;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionDeskTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final UUID POOL = UUID.randomUUID();

    private final InMemoryStore store = new InMemoryStore(InstantSource.fixed(NOW));
    private final List<String> called = new ArrayList<>();
    private final AdmissionDesk desk = desk(store.missions());

    private AdmissionDesk desk(MissionStore missions) {
        return new AdmissionDesk(missions, store.poolMissions(), new LocalHints(), id -> called.add(id.getName()));
    }

    @Test
    void whoeverFindsRoomEnters() {
        Applicant first = applicant("first", 0, 0);
        assertThat(desk.enter(first, 1)).isInstanceOf(Answer.Admitted.class);
        assertThat(desk.enter(applicant("second", 0, 1), 1)).isEqualTo(new Answer.Full());
        assertThat(store.poolMissions().count(POOL).queued()).isEqualTo(1);
    }

    @Test
    void thoseTurnedAwayAreCalledByPriorityThenAge() {
        Applicant first = applicant("first", 0, 0);
        desk.enter(first, 1);
        Applicant young = applicant("young", 0, 3);
        Applicant old = applicant("old", 0, 2);
        Applicant urgent = applicant("urgent", 9, 4);
        desk.enter(young, 1);
        desk.enter(old, 1);
        desk.enter(urgent, 1);
        desk.callIn();
        assertThat(called).isEmpty();
        for (Applicant next : List.of(urgent, old, young)) {
            free();
            desk.callIn();
            assertThat(called).containsExactly(next.id().getName());
            called.clear();
            assertThat(desk.enter(next, 1)).isInstanceOf(Answer.Admitted.class);
        }
        free();
        desk.callIn();
        assertThat(called).isEmpty();
    }

    @Test
    void whoComesLaterDoesNotOvertakeThoseWhoWait() {
        desk.enter(applicant("first", 0, 0), 1);
        Applicant waits = applicant("waits", 0, 1);
        desk.enter(waits, 1);
        free();
        assertThat(desk.enter(applicant("late", 0, 2), 1)).isEqualTo(new Answer.Full());
        assertThat(desk.enter(waits, 1)).isInstanceOf(Answer.Admitted.class);
    }

    @Test
    void whoLeavesTheLineHoldsNobodyUp() {
        desk.enter(applicant("first", 0, 0), 1);
        Applicant gone = applicant("gone", 9, 1);
        Applicant waits = applicant("waits", 0, 2);
        desk.enter(gone, 1);
        desk.enter(waits, 1);
        desk.leave(gone.mission().uid());
        free();
        desk.callIn();
        assertThat(called).containsExactly("waits");
        assertThat(desk.enter(waits, 1)).isInstanceOf(Answer.Admitted.class);
    }

    @Test
    void oneThatIsSuspendedOrCancelledTakesNoRoom() {
        desk.enter(applicant("first", 0, 0), 1);
        NewMission suspended = mission("suspended", 0, true);
        assertThat(desk.enter(new Applicant(new ResourceID("suspended", "n"), suspended, NOW), 1))
                .isInstanceOf(Answer.Admitted.class);
        assertThat(store.poolMissions().count(POOL).queued()).isEqualTo(1);
    }

    @Test
    void enteringTwiceIsEnteringOnce() {
        Applicant first = applicant("first", 0, 0);
        assertThat(desk.enter(first, 10)).isEqualTo(desk.enter(first, 10));
        assertThat(store.poolMissions().count(POOL).queued()).isEqualTo(1);
    }

    @Test
    void aDeletedMissionNeverEnters() {
        Applicant deleted = applicant("deleted", 0, 0);
        store.missions().forget(List.of(deleted.mission().uid()), "deleted");
        assertThat(desk.enter(deleted, 10)).isEqualTo(new Answer.Deleted());
    }

    @Test
    void aStoreThatIsAwayIsToldToEachAndKeepsNobody() {
        StoreUnavailableException away = new StoreUnavailableException("away", null);
        AdmissionDesk broken = desk(troubled(away, mission -> true));
        Applicant first = applicant("first", 0, 0);
        assertThatThrownBy(() -> broken.enter(first, 1)).isSameAs(away);
        assertThatThrownBy(() -> broken.enter(first, 1)).isSameAs(away);
    }

    /** Whoever is in the batch of somebody's Error is told, and stands before the desk no longer. */
    @Test
    void anErrorAtTheDeskKeepsNobody() {
        AdmissionDesk broken = desk(troubled(new StackOverflowError(), mission -> true));
        Applicant first = applicant("first", 0, 0);
        assertThatThrownBy(() -> broken.enter(first, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void theFirstInLineFindsOutThatMoreMayWait() {
        desk.enter(applicant("first", 0, 0), 1);
        Applicant old = applicant("old", 0, 1);
        Applicant young = applicant("young", 0, 2);
        desk.enter(old, 1);
        desk.enter(young, 1);
        desk.callFirst();
        assertThat(called).containsExactly("old");
        assertThat(desk.enter(old, 3)).isInstanceOf(Answer.Admitted.class);
        called.clear();
        desk.callIn();
        assertThat(called).containsExactly("young");
    }

    @Test
    void oneThatTheStoreRefusesKeepsNoOtherOut() throws Exception {
        AdmissionDesk choosy = desk(troubled(
                new IllegalStateException("refused"), mission -> mission.name().equals("m-7")));
        ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> all = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> {
                        try {
                            choosy.enter(applicant("m-" + i, 0, i), 100);
                        } catch (IllegalStateException e) {
                            refused.add("m-" + i);
                        }
                    }))
                    .toList();
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(refused).containsExactly("m-7");
        assertThat(store.poolMissions().count(POOL).queued()).isEqualTo(19);
    }

    @Test
    void aCrowdFillsTheQueueToTheBrimAndNotBeyond() throws Exception {
        int most = 300;
        List<Applicant> crowd = IntStream.range(0, 1000)
                .mapToObj(i -> applicant("m-" + i, i % 3, i))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<?> each : crowd.stream()
                    .map(one -> threads.submit(() -> desk.enter(one, most)))
                    .toList()) {
                each.get();
            }
        }
        assertThat(store.poolMissions().count(POOL).queued()).isLessThanOrEqualTo(most);
        int rounds = 0;
        while (store.poolMissions().count(POOL).queued() < most && rounds++ < 10) {
            desk.callIn();
            crowd.stream().filter(each -> called.contains(each.id().getName())).forEach(each -> desk.enter(each, most));
            called.clear();
        }
        assertThat(store.poolMissions().count(POOL).queued()).isEqualTo(most);
    }

    /** Somebody takes one out of the queue. */
    private void free() {
        UUID queued = store.missions().changes(0, 1000).stream()
                .filter(row -> row.pool().equals(POOL) && !row.phase().terminal())
                .findFirst()
                .orElseThrow()
                .uid();
        store.missions().cancel(queued, "");
    }

    /** A store that throws where one of the missions is admitted. */
    private MissionStore troubled(Throwable trouble, Predicate<NewMission> at) {
        return (MissionStore) Proxy.newProxyInstance(
                MissionStore.class.getClassLoader(), new Class<?>[] {MissionStore.class}, (proxy, method, args) -> {
                    if (method.getName().equals("admit")
                            && ((List<?>) args[0]).stream().anyMatch(each -> at.test((NewMission) each))) {
                        throw trouble;
                    }
                    try {
                        return method.invoke(store.missions(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Applicant applicant(String name, int priority, int age) {
        return new Applicant(new ResourceID(name, "n"), mission(name, priority, false), NOW.plusSeconds(age));
    }

    private static NewMission mission(String name, int priority, boolean suspend) {
        MissionSpec spec = new MissionSpec(
                null, "a", "go", null, null, null, 10, "5m", null, priority, null, null, suspend, null, null);
        return new NewMission(UUID.randomUUID(), "n", name, POOL, spec);
    }
}

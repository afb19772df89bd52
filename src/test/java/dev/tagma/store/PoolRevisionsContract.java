package dev.tagma.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.PoolRuntime;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.PoolRevision;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class PoolRevisionsContract extends StoreContract {
    private static AgentPoolSpec withAgent(String instructions) {
        Agent agent = new Agent("analyst", "", "1.0.0", List.of(), instructions, null, List.of("primary"), List.of());
        return new AgentPoolSpec(null, List.of(), List.of(agent), List.of(), 1, null, null, null, null);
    }

    private PoolRevision publish(AgentPoolSpec spec, Map<String, String> content) {
        return store.pools().publish(pool, "platform", "analysts", spec, content);
    }

    @Test
    void changedSpecIsANewRevision() {
        PoolRevision next = publish(withAgent("Add."), Map.of());
        assertThat(next.revision()).isEqualTo(2);
        assertThat(next.spec())
                .isEqualTo(withAgent("Add.").agents() == null ? null : PoolRevision.pinned(withAgent("Add.")));
        assertThat(store.pools().latest(pool)).contains(next);
        assertThat(store.pools().find(pool, 2)).contains(next);
        assertThat(store.pools().find(pool, 1)).map(PoolRevision::revision).contains(1);
    }

    @Test
    void changedContentIsANewRevision() {
        PoolRevision next = publish(POOL, Map.of("factors/csv", "a,b\n1,2"));
        assertThat(next.revision()).isEqualTo(2);
        assertThat(store.pools().find(pool, 2).orElseThrow().content()).containsEntry("factors/csv", "a,b\n1,2");
    }

    @Test
    void equalSpecAndContentAreNoNewRevision() {
        publish(withAgent("Add."), Map.of("a/b", "1", "c/d", "2"));
        assertThat(publish(withAgent("Add."), Map.of("c/d", "2", "a/b", "1")).revision())
                .isEqualTo(2);
    }

    @Test
    void runtimeAndScalingMakeNoRevision() {
        AgentPoolSpec scaled = new AgentPoolSpec(
                null, List.of(), List.of(), List.of(), 9, new PoolRuntime(7, null, null, null), null, null, null);
        assertThat(publish(scaled, Map.of()).revision()).isEqualTo(1);
    }

    @Test
    void goingBackIsANewRevision() {
        publish(withAgent("Add."), Map.of());
        assertThat(publish(POOL, Map.of()).revision()).isEqualTo(3);
    }

    @Test
    void poolsAreNumberedApart() {
        assertThat(store.pools().publish(UUID.randomUUID(), "platform", "others", POOL, Map.of()))
                .extracting(PoolRevision::revision, PoolRevision::name)
                .containsExactly(1, "others");
    }

    @Test
    void unknownRevisionIsNowhere() {
        assertThat(store.pools().find(pool, 5)).isEmpty();
        assertThat(store.pools().latest(UUID.randomUUID())).isEmpty();
    }

    @Test
    void concurrentPublishersOfEqualContentGetTheSameRevision() throws Exception {
        Set<Integer> revisions = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PoolRevision>> answers = IntStream.range(0, 12)
                    .mapToObj(i -> threads.submit(() -> publish(withAgent("Add."), Map.of())))
                    .toList();
            for (Future<PoolRevision> answer : answers) {
                revisions.add(answer.get().revision());
            }
        }
        assertThat(revisions).containsExactly(2);
    }

    @Test
    void concurrentPublishersOfDifferentContentGetDifferentRevisions() throws Exception {
        Set<Integer> revisions = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PoolRevision>> answers = IntStream.range(0, 12)
                    .mapToObj(i -> threads.submit(() -> publish(withAgent("Add " + i), Map.of())))
                    .toList();
            for (Future<PoolRevision> answer : answers) {
                revisions.add(answer.get().revision());
            }
        }
        assertThat(revisions).hasSize(12);
        assertThat(store.pools().latest(pool)).map(PoolRevision::revision).contains(13);
    }

    @Test
    void missionKeepsTheRevisionOfItsFirstStart() {
        Binding first = running();
        publish(withAgent("Subtract."), Map.of());
        store.missions().release(first.claim(), new Release.HandBack());
        long instance = register("b", 2);
        assertThat(bindOne(instance).revision()).isEqualTo(1);
        admit();
        assertThat(bindOne(instance).revision()).isEqualTo(2);
    }
}

package dev.tagma.store;

import static dev.tagma.store.Steps.append;
import static dev.tagma.store.Steps.ending;
import static dev.tagma.store.Steps.first;
import static dev.tagma.store.Steps.observation;
import static dev.tagma.store.Steps.plan;
import static dev.tagma.store.Steps.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Behind;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.CommitResult.Fenced;
import dev.tagma.mission.CommitResult.Fork;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release.HandBack;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StepLog.Tail;
import dev.tagma.mission.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every step log keeps. */
abstract class StepLogContract extends StoreContract {
    private StepLog log;
    private Claim claim;
    private Head genesis;

    @BeforeEach
    void takeAMission() {
        log = store.steps();
        claim = owner();
        genesis = Head.genesis(claim.uid());
    }

    /** A mission without steps under its first owner. */
    Claim owner() {
        return running().claim();
    }

    /** The same mission under its next owner. */
    Claim handOver(Claim held) {
        assertThat(store.missions().release(held, new HandBack())).isTrue();
        Binding next = bindOne(register("next", 1));
        assertThat(next.claim().uid()).isEqualTo(held.uid());
        return next.claim();
    }

    @Test
    void committedStepsAreReadBackAsTheyWere() {
        NewStep reply = reply("thinking\0 with a NUL, and ünïcödé");
        NewStep observation = observation("42");
        Append append = first(claim, reply, observation);

        assertThat(log.commit(append)).isEqualTo(new Committed(append.head()));

        List<Step> steps = log.read(claim.mission(), 0, 10);
        assertThat(steps).extracting(Step::seq).containsExactly(1L, 2L);
        assertThat(steps).extracting(Step::kind).containsExactly(StepKind.ModelReply, StepKind.Observation);
        assertThat(steps).extracting(Step::head).isEqualTo(append.heads());
        assertThat(steps.getFirst().content()).isEqualTo(reply.content());
        assertThat(steps.getFirst().contentDigest()).isEqualTo(reply.contentDigest());
        assertThat(steps.getFirst().epoch()).isEqualTo(claim.epoch());
        assertThat(steps.getLast().committedAt()).isNotNull();
    }

    @Test
    void usageIsSummedByTheStore() {
        Append one = first(claim, reply("a"), observation("b"));
        log.commit(one);
        log.commit(append(claim, one.head(), reply("c"), observation("d"), observation("e")));

        assertThat(log.read(claim.mission(), 0, 10))
                .extracting(Step::usage)
                .containsExactly(
                        new Usage(1, 1, 0, 100, 10, 1_000),
                        new Usage(1, 1, 1, 100, 10, 1_000),
                        new Usage(2, 2, 1, 200, 20, 2_000),
                        new Usage(2, 2, 2, 200, 20, 2_000),
                        new Usage(2, 2, 3, 200, 20, 2_000));
        assertThat(log.tail(claim.mission()).usage()).isEqualTo(new Usage(2, 2, 3, 200, 20, 2_000));
    }

    @Test
    void resendAnswersCommittedAndStoresNothing() {
        Append append = first(claim, reply("a"), observation("b"));
        log.commit(append);

        assertThat(log.commit(append)).isEqualTo(new Committed(append.head()));
        assertThat(log.read(claim.mission(), 0, 10)).hasSize(2);
    }

    @Test
    void resendAfterTakeoverAnswersCommitted() {
        Append append = first(claim, reply("a"));
        log.commit(append);
        handOver(claim);

        assertThat(log.commit(append)).isEqualTo(new Committed(append.head()));
    }

    @Test
    void olderEpochIsFenced() {
        Claim next = handOver(claim);

        assertThat(log.commit(first(claim, reply("stale")))).isEqualTo(new Fenced(next.epoch()));
        assertThat(log.commit(first(next, reply("fresh")))).isInstanceOf(Committed.class);
        assertThat(log.read(claim.mission(), 0, 10)).hasSize(1);
    }

    @Test
    void unknownMissionIsFenced() {
        Claim unknown = new Claim(987_654_321, UUID.randomUUID(), 1);
        assertThat(log.commit(first(unknown, reply("a")))).isInstanceOf(Fenced.class);
    }

    @Test
    void anotherMissionsChainIsRefused() {
        Claim wrong = new Claim(claim.mission(), UUID.randomUUID(), claim.epoch());
        assertThat(log.commit(first(wrong, reply("a")))).isInstanceOf(Fork.class);
        assertThat(log.commit(append(claim, Head.genesis(UUID.randomUUID()), reply("a"))))
                .isInstanceOf(Fork.class);
        assertThat(log.read(claim.mission(), 0, 10)).isEmpty();
    }

    @Test
    void writerAheadOfTheStoreIsToldWhereItEnds() {
        Append one = first(claim, reply("a"));
        Append two = append(claim, one.head(), reply("b"));
        Append three = append(claim, two.head(), reply("c"));

        assertThat(log.commit(two)).isEqualTo(new Behind(genesis));
        log.commit(one);
        assertThat(log.commit(three)).isEqualTo(new Behind(one.head()));
        assertThat(log.commit(two)).isInstanceOf(Committed.class);
        assertThat(log.commit(three)).isInstanceOf(Committed.class);
    }

    @Test
    void anotherStepOnTheSameBaseIsAFork() {
        Append one = first(claim, reply("a"));
        log.commit(one);

        assertThat(log.commit(first(claim, reply("b")))).isEqualTo(new Fork(one.head()));
        assertThat(log.commit(first(claim, reply("b"), observation("c")))).isEqualTo(new Fork(one.head()));
        Head never = first(claim, reply("never")).head();
        assertThat(log.commit(append(claim, never, reply("d")))).isEqualTo(new Fork(one.head()));
        assertThat(log.read(claim.mission(), 0, 10)).hasSize(1);
    }

    @Test
    void lastStepEndsTheMission() {
        Append last = ending(claim, genesis, Outcome.succeeded("done", null), reply("done"));

        assertThat(log.commit(last)).isEqualTo(new Committed(last.head()));
        assertThat(log.commit(append(claim, last.head(), reply("more")))).isInstanceOf(Fenced.class);
        assertThat(log.tail(claim.mission()).steps()).hasSize(1);
    }

    @Test
    void finishTwice() {
        Append last = ending(claim, genesis, Outcome.succeeded("done", null), reply("done"));
        log.commit(last);

        assertThat(log.commit(last)).isEqualTo(new Committed(last.head()));
        Append other = ending(claim, genesis, Outcome.failed(Reason.ModelFailed, "no"), reply("done"));
        assertThat(log.commit(other)).as("another end").isInstanceOf(Fenced.class);
    }

    @Test
    void missionEndsWithoutAStep() {
        Append one = first(claim, reply("a"));
        log.commit(one);
        Outcome late = Outcome.failed(Reason.DeadlineExceeded, "after 5m, with a NUL \0 in it");
        Append end = ending(claim, one.head(), late);

        assertThat(log.commit(ending(claim, genesis, late))).as("an older head").isEqualTo(new Fork(one.head()));
        assertThat(log.commit(end)).isEqualTo(new Committed(one.head()));
        assertThat(log.commit(end)).as("again").isEqualTo(new Committed(one.head()));
        assertThat(log.commit(append(claim, one.head(), reply("b")))).isInstanceOf(Fenced.class);
    }

    @Test
    void missionEndsBeforeItsFirstStep() {
        Append end = ending(claim, genesis, Outcome.failed(Reason.InputsTooLarge, ""));

        assertThat(log.commit(end)).isEqualTo(new Committed(genesis));
        assertThat(log.commit(end)).isEqualTo(new Committed(genesis));
    }

    @Test
    void tailIsTheWindowAndTheLastPlanBeforeIt() {
        assertThat(log.tail(claim.mission())).isEqualTo(Tail.EMPTY);
        Append one = first(claim, plan("old"), plan("newer"));
        log.commit(one);
        List<NewStep> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.add(observation("o" + i));
        }
        log.commit(append(claim, one.head(), many.toArray(NewStep[]::new)));

        Tail tail = log.tail(claim.mission());
        assertThat(tail.steps()).hasSize(StepLog.WINDOW);
        assertThat(tail.steps().getFirst().seq()).isEqualTo(13);
        assertThat(tail.steps().getLast().seq()).isEqualTo(62);
        assertThat(tail.plan().seq()).isEqualTo(2);
        assertThat(tail.usage().toolCalls()).isEqualTo(62);
        assertThat(log.read(claim.mission(), 10, 3)).extracting(Step::seq).containsExactly(11L, 12L, 13L);
    }

    @Test
    void tailReachesBackToTheLastReply() {
        List<NewStep> steps = new ArrayList<>(List.of(reply("first"), observation("o"), reply("many calls")));
        for (int i = 0; i < StepLog.WINDOW + 10; i++) {
            steps.add(observation("o" + i));
        }
        log.commit(first(claim, steps.toArray(NewStep[]::new)));

        Tail tail = log.tail(claim.mission());
        assertThat(tail.steps()).hasSize(StepLog.WINDOW + 11);
        assertThat(tail.steps().getFirst().seq()).isEqualTo(3);
        assertThat(tail.plan()).isNull();
    }

    @Test
    void manyWritersOnOneBaseMakeOneChain() throws Exception {
        List<Callable<CommitResult>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String text = "w" + i;
            writers.add(() -> log.commit(first(claim, reply(text), observation(text))));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CommitResult> results = new ArrayList<>();
            for (Future<CommitResult> each : threads.invokeAll(writers)) {
                results.add(each.get());
            }
            assertThat(results).filteredOn(Committed.class::isInstance).hasSize(1);
            assertThat(results).filteredOn(Fork.class::isInstance).hasSize(15);
        }
        List<Step> steps = log.read(claim.mission(), 0, 10);
        assertThat(steps).hasSize(2);
        assertThat(steps.getLast().head())
                .isEqualTo(genesis.then(
                                claim.epoch(),
                                steps.getFirst().kind(),
                                steps.getFirst().contentDigest())
                        .then(
                                claim.epoch(),
                                steps.getLast().kind(),
                                steps.getLast().contentDigest()));
    }

    @Test
    void missionsDoNotMix() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Claim>> missions = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Claim each = owner();
                missions.add(() -> {
                    Head head = Head.genesis(each.uid());
                    for (int n = 0; n < 5; n++) {
                        Append append = append(each, head, reply(each.uid() + " " + n));
                        assertThat(log.commit(append)).isEqualTo(new Committed(append.head()));
                        head = append.head();
                    }
                    return each;
                });
            }
            for (Future<Claim> each : threads.invokeAll(missions)) {
                assertThat(log.read(each.get().mission(), 0, 10))
                        .hasSize(5)
                        .allMatch(step -> new String(step.content())
                                .contains(each.resultNow().uid().toString()));
            }
        }
    }
}

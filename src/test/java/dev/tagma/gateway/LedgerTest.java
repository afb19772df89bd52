package dev.tagma.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagma.gateway.Ledger.Entry;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.StepLog;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final UUID UID = UUID.fromString("0b8f6f0e-0000-4000-8000-000000000001");
    private final List<Append> stored = new ArrayList<>();
    /** What another replica committed under the same claim. */
    private final FakeStepLog elsewhere = new FakeStepLog();

    private RuntimeException trouble;
    private final List<CommitResult> refusals = new ArrayList<>();
    private CommitResult refusal;
    private final Function<Append, CommitResult> store = append -> {
        stored.add(append);
        if (trouble != null) {
            throw trouble;
        }
        if (!refusals.isEmpty()) {
            return refusals.removeFirst();
        }
        return refusal == null ? new Committed(append.head()) : refusal;
    };
    private final Ledger ledger = new Ledger(
            new Start(
                    new Claim(7, UID, 3),
                    "n/m",
                    null,
                    null,
                    Head.genesis(UID),
                    StepLog.Tail.EMPTY,
                    Duration.ofMinutes(5),
                    0),
            0,
            elsewhere,
            "outside"::equals);

    @Test
    void stepsOfGatewayAndRuntimeAreChainedInTheOrderTheyCome() {
        ledger.append(List.of(reply()), null, store);
        Head believed = ledger.head();
        ledger.append(List.of(new Entry(observation("a"), Usage.TOOL_CALL)), null, store);
        CommitResult local = ledger.appendFromRuntime(believed, List.of(observation("b")), store);
        assertThat(local).isEqualTo(new Committed(ledger.head()));
        assertThat(ledger.head().seq()).isEqualTo(3);
        assertThat(stored).extracting(append -> append.base().seq()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whoJoinsACallThatFailsMakesItItself() throws Exception {
        ToolAnswer.Lost answer = new ToolAnswer.Lost();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread first = Thread.ofVirtual()
                .start(() -> assertThatThrownBy(() -> ledger.once("c", () -> {
                            begun.countDown();
                            await(go);
                            throw new StoreUnavailableException("away", null);
                        }))
                        .isInstanceOf(StoreUnavailableException.class));
        begun.await();
        CompletableFuture<ToolAnswer> second =
                CompletableFuture.supplyAsync(() -> ledger.once("c", () -> answer), Thread::startVirtualThread);
        go.countDown();
        assertThat(second.get(30, TimeUnit.SECONDS)).isSameAs(answer);
        first.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aResentObservationIsNotStoredAgain() {
        ledger.append(List.of(reply()), null, store);
        Head believed = ledger.head();
        ledger.appendFromRuntime(believed, List.of(observation("a")), store);
        CommitResult again = ledger.appendFromRuntime(believed, List.of(observation("a")), store);
        assertThat(again).isEqualTo(new Committed(ledger.head()));
        assertThat(stored).hasSize(2);
    }

    @Test
    void aResentFeedbackIsKnownByItsDigest() {
        ledger.append(List.of(reply()), null, store);
        Head believed = ledger.head();
        StepContent feedback = new StepContent.Feedback(StepContent.Feedback.Topic.WrapUp, "stop now");
        ledger.appendFromRuntime(believed, List.of(feedback), store);
        ledger.appendFromRuntime(believed, List.of(feedback), store);
        assertThat(stored).hasSize(2);
    }

    @Test
    void anAppendInDoubtIsSettledBeforeTheNextOne() {
        ledger.append(List.of(reply()), null, store);
        failsWith(() -> ledger.append(List.of(new Entry(observation("a"), Usage.TOOL_CALL)), null, store));
        ledger.append(List.of(new Entry(observation("b"), Usage.TOOL_CALL)), null, store);
        assertThat(stored).extracting(append -> append.base().seq()).containsExactly(0L, 1L, 1L, 2L);
        assertThat(stored.get(2)).isEqualTo(stored.get(1));
        assertThat(ledger.since()).containsExactly(observation("a"), observation("b"));
    }

    @Test
    void whatWasPerformedIsCommittedOnceTheStoreIsBack() {
        int[] attempts = {0};
        CommitResult result = ledger.persist(List.of(reply()), null, append -> {
            stored.add(append);
            if (++attempts[0] < 3) {
                throw new StoreUnavailableException("away", null);
            }
            return new Committed(append.head());
        });
        assertThat(result).isEqualTo(new Committed(ledger.head()));
        assertThat(ledger.head().seq()).isEqualTo(1);
        assertThat(stored).hasSize(3).containsOnly(stored.getFirst());
    }

    /** A pool of connections gives none to a thread that is interrupted. */
    @Test
    void whatWasPerformedIsCommittedThoughTheCallIsCancelledMeanwhile() {
        int[] attempts = {0};
        Thread.currentThread().interrupt();
        CommitResult result = ledger.persist(List.of(reply()), null, append -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException("interrupted", null);
            }
            if (++attempts[0] < 3) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailableException("away", null);
            }
            return new Committed(append.head());
        });
        assertThat(result).isEqualTo(new Committed(ledger.head()));
        assertThat(attempts[0])
                .as("attempts on a thread that was not interrupted")
                .isEqualTo(3);
        assertThat(Thread.interrupted()).as("the caller learns of it").isTrue();
    }

    @Test
    void whatWasPerformedForALostMissionIsGivenUp() {
        ledger.close();
        assertThat(ledger.persist(List.of(reply()), null, append -> {
                    throw new StoreUnavailableException("away", null);
                }))
                .isInstanceOf(CommitResult.Fenced.class);
    }

    @Test
    void anObservationResentWhileItsFirstAttemptIsInDoubtIsStoredOnce() {
        ledger.append(List.of(reply()), null, store);
        stored.clear();
        Head believed = ledger.head();
        failsWith(() -> ledger.appendFromRuntime(believed, List.of(observation("a")), store));
        ledger.appendFromRuntime(believed, List.of(observation("a")), store);
        assertThat(stored).hasSize(2).containsOnly(stored.getFirst());
        assertThat(ledger.since()).containsExactly(observation("a"));
    }

    @Test
    void aFencedDoubtFencesTheNextAppend() {
        failsWith(() -> ledger.append(List.of(new Entry(observation("a"), Usage.TOOL_CALL)), null, store));
        refusal = new CommitResult.Fenced(9);
        assertThat(ledger.append(List.of(reply()), null, store)).isEqualTo(refusal);
        assertThat(stored).hasSize(2);
    }

    @Test
    void whatAnotherReplicaCommittedIsTakenOver() {
        ledger.append(List.of(reply()), null, store);
        Head believed = ledger.head();
        commitElsewhere(observation("a"));
        refuseOnce(new CommitResult.Fork(elsewhere.steps().getLast().head()));
        assertThat(ledger.appendFromRuntime(believed, List.of(observation("a"), observation("b")), store))
                .isEqualTo(new Committed(ledger.head()));
        assertThat(ledger.since()).containsExactly(observation("a"), observation("b"));
        assertThat(ledger.head().seq()).isEqualTo(3);
    }

    @Test
    void aChainThatForkedIsNotTakenOver() {
        ledger.append(List.of(reply()), null, store);
        Head fork = Head.genesis(UUID.randomUUID());
        commitElsewhere(new Head(1, fork.digest()), observation("a"));
        CommitResult refused = new CommitResult.Fork(elsewhere.steps().getLast().head());
        assertThat(ledger.overtaken(refused)).isFalse();
        assertThat(ledger.since()).isEmpty();
    }

    @Test
    void twoWhoMeetTheSameForkBothLearnThatItIsTakenOver() {
        ledger.append(List.of(reply()), null, store);
        commitElsewhere(observation("a"));
        CommitResult refused = new CommitResult.Fork(elsewhere.steps().getLast().head());
        assertThat(ledger.overtaken(refused)).isTrue();
        assertThat(ledger.overtaken(refused)).isTrue();
        assertThat(ledger.since()).containsExactly(observation("a"));
    }

    @Test
    void stepsThatComeAfterTheNextReplyAreNotStoredBehindIt() {
        ledger.append(List.of(reply()), null, store);
        Head believed = ledger.head();
        ledger.appendFromRuntime(believed, List.of(observation("a")), store);
        ledger.append(List.of(reply()), null, store);
        assertThat(ledger.appendFromRuntime(believed, List.of(observation("a")), store))
                .isEqualTo(new CommitResult.Fork(ledger.head()));
        assertThat(stored).hasSize(3);
    }

    private void commitElsewhere(StepContent content) {
        commitElsewhere(ledger.head(), content);
    }

    private void commitElsewhere(Head base, StepContent content) {
        NewStep step = NewStep.of(content, Usage.NONE);
        elsewhere.add(base.then(3, step.kind(), step.contentDigest()), 3, step);
    }

    private void refuseOnce(CommitResult result) {
        refusals.add(result);
    }

    private void failsWith(ThrowingCallable append) {
        trouble = new StoreUnavailableException("away", null);
        assertThatThrownBy(append).isSameAs(trouble);
        trouble = null;
    }

    @Test
    void forgedUsageIgnored() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.appendFromRuntime(ledger.head(), List.of(reply().content()), store))
                .withMessageContaining("ModelReply");
        ledger.append(List.of(reply()), null, store);
        ledger.appendFromRuntime(ledger.head(), List.of(observation("a")), store);
        assertThat(stored.getLast().steps().getFirst().usage()).isEqualTo(Usage.TOOL_CALL);
    }

    @Test
    void aNewReplyForgetsTheCallsOfTheOneBefore() {
        ledger.append(List.of(reply()), null, store);
        Head first = ledger.reply();
        ledger.append(List.of(new Entry(observation("call_1"), Usage.TOOL_CALL)), null, store);
        assertThat(ledger.since()).hasSize(1);
        ledger.append(List.of(reply()), null, store);
        assertThat(ledger.since()).isEmpty();
        assertThat(ledger.reply()).isNotEqualTo(first);
    }

    @Test
    void aRuntimeAnswersOnlyWhatTheLastReplyAskedItFor() {
        refuses("reply 1, which is not the last", observation("a"));
        ledger.append(List.of(reply()), null, store);
        refuses("\"c\", for which the last reply did not ask", observation("c"));
        refuses("\"c\", for which the last reply did not ask", new StepContent.Plan(1, "c", List.of()));
        refuses("outside, which a gateway performs", observation("o"));
        refuses("two answer the call \"a\"", observation("a"), otherObservation("a"));
        refuses("reply 7, which is not the last", new Observation(7, "a", "calculator", "4", Observation.Result.Ok, 0));
        assertThat(stored).hasSize(1);
    }

    @Test
    void aRuntimeFillsNoLogWithFeedback() {
        ledger.append(List.of(reply()), null, store);
        for (int i = 0; i < Turn.MAX_FEEDBACK; i++) {
            ledger.appendFromRuntime(ledger.head(), List.of(feedback("f" + i)), store);
        }
        refuses("feedback since the last reply", feedback("once more"));
        ledger.append(List.of(reply()), null, store);
        StepContent[] many = IntStream.rangeClosed(0, Turn.MAX_FEEDBACK)
                .mapToObj(i -> feedback("g" + i))
                .toArray(StepContent[]::new);
        refuses("feedback since the last reply", many);
        assertThat(ledger.since()).isEmpty();
    }

    private void refuses(String words, StepContent... steps) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.appendFromRuntime(ledger.head(), List.of(steps), store))
                .withMessageContaining(words);
    }

    @Test
    void beyondTheBudgetOneQuestionIsAskedAndOnlyWhereTheModelWasTold() {
        assertThat(ledger.wrapsUp()).isFalse();
        ledger.append(List.of(reply()), null, store);
        assertThat(ledger.wrapsUp()).isFalse();
        ledger.appendFromRuntime(ledger.head(), List.of(feedback("stop now")), store);
        assertThat(ledger.wrapsUp()).isTrue();
        ledger.append(List.of(reply()), null, store);
        ledger.appendFromRuntime(ledger.head(), List.of(feedback("stop now")), store);
        assertThat(ledger.wrapsUp()).as("the last reply was it").isFalse();
    }

    private static StepContent feedback(String text) {
        return new StepContent.Feedback(StepContent.Feedback.Topic.WrapUp, text);
    }

    private static Observation otherObservation(String callId) {
        return new Observation(1, callId, "calculator", "5", Observation.Result.Ok, 0);
    }

    private static Entry reply() {
        return new Entry(
                new ModelReply(
                        "",
                        List.of(call("a", "calculator"), call("b", "calculator"), call("o", "outside")),
                        "primary",
                        1,
                        1,
                        0,
                        ModelReply.Stop.ToolCalls,
                        List.of()),
                Usage.NONE);
    }

    private static ToolCall call(String id, String tool) {
        return new ToolCall(id, tool, "{}");
    }

    private static Observation observation(String callId) {
        return new Observation(1, callId, "calculator", "4", Observation.Result.Ok, 0);
    }
}

package dev.tagma.agent;

import static dev.tagma.agent.FakeAlarmClock.soon;
import static dev.tagma.agent.Turn.call;
import static dev.tagma.agent.Turn.calls;
import static dev.tagma.agent.Turn.replies;
import static dev.tagma.agent.Turn.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Reason;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.Observation.Result;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replies, tools, specs and stores that are not as they should be. */
class TroubleTest {
    private final LoopRig rig = new LoopRig();

    @Test
    void aModelThatRepeatsItselfIsToldThenFails() {
        FakeMission mission = LoopRig.mission("", calls(call("a", "echo", "{\"n\":1}")));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.LimitsExceeded);
        assertThat(mission.asks()).hasSize(5);
        assertThat(LoopRig.feedback(mission)).containsExactly(Topic.Repetition, Topic.Repetition);
        assertThat(LoopRig.observations(mission)).hasSize(4);
    }

    @Test
    void anEmptyReplyGoesBackAndCounts() {
        FakeMission mission = LoopRig.mission("\"maxIterations\": 2", says("  "));
        rig.run(mission);
        assertThat(LoopRig.feedback(mission)).containsExactly(Topic.ReplyInvalid, Topic.ReplyInvalid);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.IterationsExceeded);
    }

    @Test
    void anAnswerThatWasCutOffGoesBack() {
        FakeMission mission = LoopRig.mission(
                "",
                replies(new ModelReply("half an ans", List.of(), "primary", 1, 1, 1, Stop.Length, List.of())),
                says("short"));
        rig.run(mission);
        assertThat(LoopRig.feedback(mission)).containsExactly(Topic.ReplyInvalid);
        assertThat(mission.outcome().summary()).isEqualTo("short");
    }

    @Test
    void callsBeyondSixtyFourAreNotMadeAndTheModelIsTold() {
        ToolCall[] many = IntStream.range(0, 1_000)
                .mapToObj(i -> call("c" + i, "echo", "{}"))
                .toArray(ToolCall[]::new);
        FakeMission mission = LoopRig.mission("", calls(many), says("done"));
        rig.run(mission);
        assertThat(LoopRig.observations(mission)).hasSize(64);
        assertThat(LoopRig.feedback(mission)).containsExactly(Topic.ReplyInvalid);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void aReplyOfAMegabyteIsCutInTheWindow() {
        FakeMission mission = LoopRig.mission(
                "",
                replies(new ModelReply(
                        "x".repeat(1_000_000),
                        List.of(call("a", "echo", "{}")),
                        "primary",
                        1,
                        1,
                        1,
                        Stop.ToolCalls,
                        List.of())),
                says("done"));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(mission.asks().getLast().messages().stream().filter(Message.Assistant.class::isInstance))
                .singleElement()
                .isInstanceOfSatisfying(
                        Message.Assistant.class,
                        reply -> assertThat(reply.text())
                                .hasSizeLessThan(33_000)
                                .endsWith("of 1000000 characters shown]"));
    }

    @Test
    void aToolThatThrowsIsAnErrorForTheModelThatNamesTheTool() {
        rig.tools.tool("broken", call -> {
            throw new IllegalStateException("no table");
        });
        rig.tools.tool("deep", call -> {
            throw new StackOverflowError("too deep");
        });
        FakeMission mission =
                LoopRig.mission("", calls(call("a", "broken", "{}"), call("b", "deep", "{}")), says("done"));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(LoopRig.observations(mission))
                .extracting(Observation::result, Observation::output)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(Result.Error, "The tool \"broken\" failed: no table"),
                        org.assertj.core.groups.Tuple.tuple(Result.Error, "The tool \"deep\" failed: too deep"));
    }

    @Test
    void aToolThatHangsIsCutByItsTimeoutAndAbandonedWhereItIgnoresTheInterrupt() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        rig.tools.timeout(Duration.ofSeconds(60)).tool("stubborn", call -> {
            called.countDown();
            boolean out = false;
            while (!out) {
                try {
                    release.await();
                    out = true;
                } catch (InterruptedException e) {
                    out = false;
                }
            }
            return "too late";
        });
        FakeMission mission = LoopRig.mission("", calls(call("a", "stubborn", "{}")), says("done"));
        CompletableFuture<Ending> ending = rig.runAside(mission);
        called.await();
        rig.clock.advance(Duration.ofSeconds(60));
        assertThat(ending.get()).isEqualTo(Ending.Finished);
        assertThat(LoopRig.observations(mission))
                .singleElement()
                .satisfies(observation -> assertThat(observation.output()).contains("stubborn", "60000 ms"));
        release.countDown();
    }

    @Test
    void anOutputSchemaThatCannotBeUsedFailsBeforeTheFirstCall() {
        FakeMission mission =
                LoopRig.mission("\"outputSchema\": {\"$ref\": \"https://example.com/schema.json\"}", says("done"));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(mission.outcome().message()).contains("spec.outputSchema");
        assertThat(mission.asks()).isEmpty();
    }

    @Test
    void anAgentThatThePoolDoesNotHaveFailsTheMissionByName() {
        FakeMission mission = LoopRig.mission("\"agent\": \"nobody\"", says("done"));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(mission.outcome().message()).contains("nobody", "clerk");
    }

    @Test
    void aBugBehindTheSessionCostsOneAttempt() {
        FakeMission mission = LoopRig.mission("\"retry\": {\"limit\": 1}", (it, ask) -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(rig.run(mission)).isEqualTo(Ending.Released);
        rig.run(mission.attempts(1));
        assertThat(mission.outcome().reason()).isEqualTo(Reason.InternalError);
        assertThat(mission.outcome().message()).contains("a bug");
    }

    @Test
    void requestsAreRepeatedWhileTheStoreIsAway() throws Exception {
        FakeMission mission = LoopRig.mission("", calls(call("a", "echo", "{}")), says("done"));
        rig.session.refuse(12);
        CompletableFuture<Ending> ending = rig.runAside(mission);
        soon().until(() -> {
            rig.clock.advance(Duration.ofSeconds(2));
            return ending.isDone();
        });
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(rig.session.requests()).isEqualTo(15);
    }

    @Test
    void aStopEndsTheWaitForTheStore() throws Exception {
        FakeMission mission = LoopRig.mission("", says("done"));
        rig.session.refuse(Integer.MAX_VALUE);
        CompletableFuture<Ending> ending = rig.runAside(mission);
        soon().until(() -> rig.clock.waiting() == 2);
        rig.control.stop();
        assertThat(ending.get()).isEqualTo(Ending.Lost);
        assertThat(mission.outcome()).isNull();
    }

    @Test
    void aFencedOwnerStops() {
        rig.tools.tool("steal", call -> "stolen");
        FakeMission mission = LoopRig.mission("", calls(call("a", "steal", "{}")), says("done"));
        rig.tools.tool("steal", call -> String.valueOf(mission.takeOver()));
        assertThat(rig.run(mission)).isEqualTo(Ending.Lost);
        assertThat(mission.contents()).extracting(StepContent::kind).hasSize(1);
        assertThat(mission.outcome()).isNull();
    }
}

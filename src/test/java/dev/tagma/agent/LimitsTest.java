package dev.tagma.agent;

import static dev.tagma.agent.Turn.answers;
import static dev.tagma.agent.Turn.call;
import static dev.tagma.agent.Turn.calls;
import static dev.tagma.agent.Turn.replies;
import static dev.tagma.agent.Turn.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.StepContent.Observation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final String SCHEMA =
            "\"outputSchema\": {\"type\": \"object\", \"required\": [\"total\"], \"properties\": {\"total\": {\"type\": \"number\"}}}";
    private static final Turn OVER = answers(new ModelAnswer.OverBudget("100 of 100 tokens used"));

    private final LoopRig rig = new LoopRig();

    private static Turn never(CountDownLatch entered) {
        return (mission, ask) -> {
            entered.countDown();
            new CountDownLatch(1).await();
            return null;
        };
    }

    private static Turn countsUp() {
        return (mission, ask) -> calls(
                        call("a", "echo", "{\"n\":" + ask.messages().size() + "}"))
                .take(mission, ask);
    }

    @Test
    void moreRepliesThanMaxIterationsFailTheMission() {
        FakeMission mission = LoopRig.mission("\"maxIterations\": 3", countsUp());
        assertThat(rig.run(mission)).isEqualTo(Ending.Finished);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.IterationsExceeded);
        assertThat(mission.asks()).hasSize(3);
        assertThat(LoopRig.observations(mission))
                .as("nobody would read the third")
                .hasSize(2);
    }

    @Test
    void repliesBeforeAResumeCount() {
        FakeMission mission = LoopRig.mission("\"maxIterations\": 3", countsUp());
        mission.reply(
                new ModelReply("", List.of(call("x", "echo", "{}")), "primary", 1, 1, 1, Stop.ToolCalls, List.of()));
        mission.reply(
                new ModelReply("", List.of(call("y", "echo", "1")), "primary", 1, 1, 1, Stop.ToolCalls, List.of()));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.IterationsExceeded);
        assertThat(mission.asks()).hasSize(1);
    }

    @Test
    void theDeadlineEndsAModelCall() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        FakeMission mission = LoopRig.mission("", never(asked)).timeLeft(Duration.ofSeconds(30));
        CompletableFuture<Ending> ending = rig.runAside(mission);
        asked.await();
        rig.clock.advance(Duration.ofSeconds(29));
        assertThat(ending).isNotDone();
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(ending.get()).isEqualTo(Ending.Finished);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.DeadlineExceeded);
    }

    @Test
    void theDeadlineEndsATool() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        rig.tools.tool("hang", call -> {
            called.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
            return "";
        });
        FakeMission mission =
                LoopRig.mission("", calls(call("a", "hang", "{}"))).timeLeft(Duration.ofSeconds(5));
        CompletableFuture<Ending> ending = rig.runAside(mission);
        called.await();
        rig.clock.advance(Duration.ofSeconds(5));
        assertThat(ending.get()).isEqualTo(Ending.Finished);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.DeadlineExceeded);
        interrupted.await();
    }

    @Test
    void aMissionWithoutTimeLeftFailsBeforeItsFirstCall() {
        FakeMission mission = LoopRig.mission("", says("done")).timeLeft(Duration.ZERO);
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.DeadlineExceeded);
        assertThat(mission.asks()).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotSatisfyTheSchemaGoesBackWithTheProblem() {
        FakeMission mission = LoopRig.mission(SCHEMA, says("{\"total\": \"much\"}"), says("{\"total\": 1.10}"));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(mission.outcome().output().get("total").decimalValue().toPlainString())
                .isEqualTo("1.10");
        assertThat(LoopRig.feedback(mission)).containsExactly(Topic.OutputInvalid);
        assertThat(mission.asks().getLast().messages().getLast())
                .isInstanceOfSatisfying(
                        Message.User.class, user -> assertThat(user.text()).contains("$.total"));
    }

    @Test
    void threeUnfitAnswersInARowFailTheMission() {
        FakeMission mission = LoopRig.mission(SCHEMA, says("no JSON"));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.OutputInvalid);
        assertThat(mission.asks()).hasSize(3);
    }

    @Test
    void aRetryAllowsOneMoreUnfitAnswer() {
        FakeMission mission = LoopRig.mission(SCHEMA + ", \"retry\": {\"limit\": 1}", says("no JSON"));
        assertThat(rig.run(mission)).isEqualTo(Ending.Released);
        assertThat(mission.releases()).singleElement().isInstanceOfSatisfying(Release.Retry.class, retry -> {
            assertThat(retry.cause()).isEqualTo(Reason.OutputInvalid);
            assertThat(retry.delay()).isEqualTo(Duration.ofSeconds(1));
        });
        rig.run(mission.attempts(1));
        assertThat(mission.outcome().reason()).isEqualTo(Reason.OutputInvalid);
        assertThat(mission.asks()).hasSize(4);
    }

    @Test
    void aSpentBudgetIsWrappedUpWithOneLastAnswerWithoutTools() {
        FakeMission mission = LoopRig.mission(
                "\"budget\": {\"tokens\": 100, \"onExceeded\": \"WrapUp\"}",
                calls(call("a", "echo", "{}")),
                (it, ask) -> ask.wrapUp() ? says("the best I have").take(it, ask) : OVER.take(it, ask));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(mission.outcome().summary()).isEqualTo("the best I have");
        assertThat(mission.asks().getLast().tools()).isEmpty();
        assertThat(LoopRig.feedback(mission)).containsExactly(Topic.WrapUp);
    }

    @Test
    void aWrapUpThatIsNoAnswerFailsTheMission() {
        FakeMission mission = LoopRig.mission(
                SCHEMA, (it, ask) -> ask.wrapUp() ? says("no JSON").take(it, ask) : OVER.take(it, ask));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.BudgetExceeded);
        assertThat(mission.asks()).hasSize(2);
    }

    @Test
    void aWrapUpForWhichThereIsNoRoomFailsTheMission() {
        FakeMission mission = LoopRig.mission("", OVER);
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.BudgetExceeded);
    }

    @Test
    void aBudgetThatStopsFailsTheMissionAtOnce() {
        FakeMission mission = LoopRig.mission("\"budget\": {\"tokens\": 100, \"onExceeded\": \"Stop\"}", OVER);
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.BudgetExceeded);
        assertThat(mission.outcome().message()).contains("100 of 100 tokens");
        assertThat(mission.contents()).isEmpty();
    }

    @Test
    void modelsThatAreAwayParkTheMission() {
        FakeMission mission = LoopRig.mission("", answers(new ModelAnswer.Unavailable("primary: 503", 7_000)));
        assertThat(rig.run(mission)).isEqualTo(Ending.Released);
        assertThat(mission.releases())
                .containsExactly(new Release.Park(Reason.ProviderUnavailable, "primary: 503", Duration.ofSeconds(7)));
    }

    @Test
    void failuresOfTheMomentAreRetriedWithGrowingDelaysThenFail() {
        FakeMission mission = LoopRig.mission(
                "\"retry\": {\"limit\": 2}", answers(new ModelAnswer.Failed(Reason.ModelFailed, "bad gateway")));
        rig.run(mission);
        rig.run(mission.attempts(1));
        rig.run(mission.attempts(2));
        assertThat(mission.releases())
                .containsExactly(
                        new Release.Retry(Reason.ModelFailed, "bad gateway", Duration.ofSeconds(1)),
                        new Release.Retry(Reason.ModelFailed, "bad gateway", Duration.ofSeconds(2)));
        assertThat(mission.outcome().reason()).isEqualTo(Reason.ModelFailed);
    }

    @Test
    void refusedContentIsNotRetried() {
        FakeMission mission = LoopRig.mission(
                "\"retry\": {\"limit\": 2}",
                replies(new ModelReply("I will not.", List.of(), "primary", 1, 1, 1, Stop.Refused, List.of())));
        rig.run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.ContentRefused);
    }

    @Test
    void anUnknownOutcomeWaitsForAPersonAfterTheOtherCallsHaveRun() {
        rig.tools.withOutside();
        FakeMission mission = LoopRig.mission("", calls(call("a", "outside", "{}"), call("b", "echo", "{}")))
                .outside("outside", call -> new ToolAnswer.AwaitPerson("did it happen?"));
        assertThat(rig.run(mission)).isEqualTo(Ending.Released);
        assertThat(mission.releases()).containsExactly(new Release.Park(Reason.OutcomeUnknown, "did it happen?", null));
        assertThat(LoopRig.observations(mission))
                .extracting(Observation::callId)
                .containsExactly("b");
    }
}

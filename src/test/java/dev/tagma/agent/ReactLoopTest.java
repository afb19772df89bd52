package dev.tagma.agent;

import static dev.tagma.agent.Turn.call;
import static dev.tagma.agent.Turn.calls;
import static dev.tagma.agent.Turn.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Reason;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.ToolCall;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReactLoopTest {
    private final FakeAlarmClock clock = new FakeAlarmClock();
    private final ScriptedTools tools = new ScriptedTools();
    private final ReactLoop loop = new ReactLoop(clock, tools, new AnswerJudge(), new Random(1));
    private final FakeGatewaySession session = new FakeGatewaySession();

    private Ending run(FakeMission mission) {
        session.add(mission);
        return loop.run(mission.start(), session, new MissionControl());
    }

    private static FakeMission mission(String fields, Turn... script) {
        return new FakeMission(1, Specs.mission(fields), Specs.pool(), script);
    }

    @Test
    void askActObserveAnswer() {
        FakeMission mission = mission("", calls(call("a", "echo", "{\"n\":1}")), says("done"));

        assertThat(run(mission)).isEqualTo(Ending.Finished);

        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(mission.outcome().summary()).isEqualTo("done");
        assertThat(mission.contents())
                .extracting(StepContent::kind)
                .extracting(Enum::name)
                .containsExactly("ModelReply", "Observation", "ModelReply");
        assertThat(mission.asks().getLast().messages())
                .containsSubsequence(
                        new Message.User("Do it."),
                        new Message.Assistant("", java.util.List.of(call("a", "echo", "{\"n\":1}"))),
                        new Message.ToolResult("a", "echo", "{\"n\":1}", false));
        assertThat(clock.waiting()).as("alarms left behind").isZero();
    }

    @Test
    void inputsFollowTheGoalInTheFirstMessage() {
        FakeMission mission = mission("\"inputs\": {\"supplier\": \"ACME\"}", says("done"));
        run(mission);
        assertThat(mission.asks().getFirst().messages().get(1))
                .isEqualTo(new Message.User("Do it.\n\nInputs:\n{\"supplier\":\"ACME\"}"));
        assertThat(mission.asks().getFirst().messages().getFirst())
                .isInstanceOfSatisfying(
                        Message.System.class,
                        system -> assertThat(system.text()).startsWith("You are a clerk.\n\nRules of tool use:"));
    }

    @Test
    void eightToolsRunAtATime() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch eight = new CountDownLatch(8);
        tools.tool("busy", call -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            eight.countDown();
            eight.await();
            running.decrementAndGet();
            return "ok";
        });
        ToolCall[] twenty = IntStream.range(0, 20)
                .mapToObj(i -> call("c" + i, "busy", "{}"))
                .toArray(ToolCall[]::new);
        FakeMission mission = mission("", calls(twenty), says("done"));

        assertThat(run(mission)).isEqualTo(Ending.Finished);

        assertThat(most).hasValue(8);
        assertThat(mission.asks().getLast().messages().stream().filter(Message.ToolResult.class::isInstance))
                .extracting(message -> ((Message.ToolResult) message).callId())
                .containsExactly(IntStream.range(0, 20).mapToObj(i -> "c" + i).toArray(String[]::new));
    }

    @Test
    void outsideToolsAreCalledByTheGateway() {
        tools.withOutside();
        FakeMission mission = mission("", calls(call("a", "outside", "{}"), call("b", "echo", "{}")), says("done"))
                .outside(
                        "outside",
                        call -> new ToolAnswer.Observed(
                                new Observation(1, call.id(), "outside", "sunny", Observation.Result.Ok, 0), null));

        assertThat(run(mission)).isEqualTo(Ending.Finished);

        assertThat(mission.asks().getFirst().tools()).extracting("name").contains("echo", "outside");
        assertThat(mission.asks().getLast().messages())
                .contains(new Message.ToolResult("a", "outside", "sunny", false));
    }
}

package dev.tagma.agent;

import static dev.tagma.agent.Turn.call;
import static dev.tagma.agent.Turn.calls;
import static dev.tagma.agent.Turn.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Reason;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.StepContent.Observation;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
    private static final int STEPS = 13;

    private static FakeMission recorded() {
        return LoopRig.mission(
                "\"outputSchema\": {\"type\": \"object\"}, \"maxIterations\": 20",
                calls(call("p", "plan", "look, then answer")),
                calls(call("a", "echo", "1"), call("b", "echo", "2"), call("c", "broken", "3")),
                calls(call("a", "echo", "4")),
                calls(call("a", "echo", "4")),
                says("no JSON"),
                says("{\"total\": 7}"));
    }

    private static LoopRig rig() {
        LoopRig rig = new LoopRig();
        rig.tools.tool("plan", it -> it.arguments());
        rig.tools.tool("broken", it -> {
            throw new IllegalStateException("broken");
        });
        return rig;
    }

    private static int executions(LoopRig rig) {
        return rig.tools.executions().values().stream()
                .mapToInt(AtomicInteger::get)
                .sum();
    }

    /** A new owner that finds the first {@code kept} steps of {@code whole} committed. */
    private static FakeMission cut(List<StepContent> whole, int kept) {
        FakeMission mission = recorded();
        if (kept > 0) {
            mission.append(mission.claim(), whole.subList(0, kept), null);
        }
        mission.takeOver();
        return mission;
    }

    @Test
    void theRecordedMissionHasTheStepsThatTheCutsCount() {
        FakeMission mission = recorded();
        rig().run(mission);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(mission.contents()).hasSize(STEPS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void cutAfterAnyStepTheMissionEndsTheSameAndNoCommittedCallRunsTwice(int kept) {
        FakeMission uncut = recorded();
        LoopRig first = rig();
        first.run(uncut);
        List<StepContent> whole = uncut.contents();
        List<Message> lastQuestion = messages(uncut);

        FakeMission resumed = cut(whole, kept);
        LoopRig second = rig();
        assertThat(second.run(resumed)).isEqualTo(Ending.Finished);

        assertThat(byReply(resumed.contents())).isEqualTo(byReply(whole));
        assertThat(resumed.outcome()).isEqualTo(uncut.outcome());
        assertThat(messages(resumed)).isEqualTo(lastQuestion);
        long committedCalls = whole.subList(0, kept).stream()
                .filter(step -> step instanceof Observation || step instanceof StepContent.Plan)
                .count();
        assertThat(executions(second) + committedCalls).isEqualTo(executions(first));
    }

    @Test
    void everyCommitOfAReplyMayBeFollowedByACrash() {
        FakeMission mission = recorded();
        LoopRig rig = rig();
        // the owner is lost after each single request, over and over, until the mission is through
        for (int lives = 0; lives < 100 && mission.outcome() == null; lives++) {
            mission.takeOver();
            MissionControl mortal = new MissionControl();
            FakeGatewaySession session = new FakeGatewaySession(mission) {
                @Override
                public ModelAnswer callModel(
                        dev.tagma.mission.Claim claim, dev.tagma.mission.Head believed, ModelAsk ask) {
                    ModelAnswer answer = super.callModel(claim, believed, ask);
                    mortal.stop();
                    return answer;
                }
            };
            rig.loop.run(mission.start(), session, mortal);
        }
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(rig.tools.executions())
                .allSatisfy((call, count) -> assertThat(count).hasValue(1));
    }

    @Test
    void unstartedCallOfTheSameReplyStillRuns() {
        FakeMission mission = LoopRig.mission("", calls(call("a", "echo", "1"), call("b", "echo", "2")), says("done"));
        mission.reply(new ModelReply(
                "", List.of(call("a", "echo", "1"), call("b", "echo", "2")), "m", 1, 1, 1, Stop.ToolCalls, List.of()));
        mission.append(mission.claim(), List.of(new Observation(1, "a", "echo", "1", Observation.Result.Ok, 0)), null);
        LoopRig rig = rig();
        rig.run(mission);
        assertThat(rig.tools.executions()).containsOnlyKeys("1/b");
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void sixtyFourObservedCallsAreNotTakenForOpenOnes() {
        var many =
                IntStream.range(0, 64).mapToObj(i -> call("c" + i, "echo", "1")).toList();
        FakeMission mission = LoopRig.mission("", says("unused"), says("done"));
        mission.reply(new ModelReply("", many, "m", 1, 1, 1, Stop.ToolCalls, List.of()));
        for (int i = 0; i < 63; i++) {
            mission.append(
                    mission.claim(), List.of(new Observation(1, "c" + i, "echo", "1", Observation.Result.Ok, 0)), null);
        }
        LoopRig rig = rig();
        rig.run(mission);
        assertThat(rig.tools.executions()).containsOnlyKeys("1/c63");
    }

    @Test
    void thePlanSurvivesTheWindow() {
        FakeMission mission = LoopRig.mission("\"maxIterations\": 100", (it, ask) -> {
            int n = ask.messages().size() + it.contents().size();
            return it.contents().isEmpty()
                    ? calls(call("p", "plan", "never forget")).take(it, ask)
                    : calls(call("a", "echo", "" + n)).take(it, ask);
        });
        LoopRig rig = rig();
        rig.run(mission);
        assertThat(((Message.System) messages(mission).getFirst()).text())
                .endsWith("Current plan:\n- [ ] never forget");
        assertThat(messages(mission)).hasSize(52);
        mission.takeOver();
    }

    @Test
    void aHistoryThatCannotBeReadIsLeftToAnotherAttempt() {
        FakeMission mission = LoopRig.mission("\"retry\": {\"limit\": 1}", says("done"));
        mission.appendBytes("not json".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(rig().run(mission)).isEqualTo(Ending.Released);
        assertThat(mission.outcome()).isNull();
    }

    private static List<Message> messages(FakeMission mission) {
        return mission.asks().getLast().messages();
    }

    /** Observations of one reply may be committed in any order. */
    private static List<Object> byReply(List<StepContent> contents) {
        return List.of(
                contents.stream().filter(step -> !(step instanceof Observation)).toList(),
                contents.stream()
                        .filter(Observation.class::isInstance)
                        .map(Observation.class::cast)
                        .collect(java.util.stream.Collectors.groupingBy(
                                Observation::reply,
                                java.util.TreeMap::new,
                                java.util.stream.Collectors.<Observation>toUnmodifiableSet())));
    }
}

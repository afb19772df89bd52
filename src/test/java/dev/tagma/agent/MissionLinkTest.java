package dev.tagma.agent;

import static dev.tagma.agent.FakeAlarmClock.soon;
import static dev.tagma.agent.Turn.call;
import static dev.tagma.agent.Turn.calls;
import static dev.tagma.agent.Turn.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.StepContent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MissionLinkTest {
    private final LoopRig rig = new LoopRig();

    @Test
    void commitAckLostIsSentAgainAndStoredOnce() throws Exception {
        FakeMission mission = LoopRig.mission("", calls(call("a", "echo", "1")), says("done"));
        rig.tools.tool("echo", it -> {
            rig.session.loseAnswers(2);
            return "1";
        });
        CompletableFuture<Ending> ending = rig.runAside(mission);
        soon().until(() -> {
            rig.clock.advance(Duration.ofSeconds(1));
            return ending.isDone();
        });
        assertThat(ending.get()).isEqualTo(Ending.Finished);
        assertThat(LoopRig.observations(mission)).hasSize(1);
    }

    @Test
    void runtimeAheadResends() {
        FakeMission mission =
                LoopRig.mission("", calls(call("a", "echo", "1"), call("b", "second", "2")), says("done"));
        CountDownLatch firstStored = new CountDownLatch(1);
        rig.tools.tool("second", it -> {
            // the first observation is committed, then a failover loses it
            firstStored.await();
            mission.lose(1);
            return "2";
        });
        FakeGatewaySession session = new FakeGatewaySession(mission) {
            @Override
            public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
                CommitResult result = super.commit(claim, believed, steps);
                firstStored.countDown();
                return result;
            }
        };
        assertThat(rig.loop.run(mission.start(), session, rig.control)).isEqualTo(Ending.Finished);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(LoopRig.observations(mission))
                .extracting(StepContent.Observation::callId)
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aStoreThatLostTheReplyTooHandsTheMissionBack() {
        FakeMission mission = LoopRig.mission("", calls(call("a", "lossy", "1")), says("done"));
        rig.tools.tool("lossy", it -> {
            mission.lose(0);
            return "1";
        });
        assertThat(rig.run(mission)).isEqualTo(Ending.Released);
        assertThat(mission.releases()).containsExactly(new Release.HandBack());
    }

    @Test
    void aForkHandsTheMissionBack() {
        FakeMission mission = LoopRig.mission("", calls(call("a", "echo", "1")), says("done"));
        FakeGatewaySession session = new FakeGatewaySession(mission) {
            @Override
            public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
                return new CommitResult.Fork(believed);
            }
        };
        assertThat(rig.loop.run(mission.start(), session, rig.control)).isEqualTo(Ending.Released);
        assertThat(mission.releases()).containsExactly(new Release.HandBack());
    }

    @Test
    void aDrainedMissionStopsAfterTheCallsInFlightAndLeavesTheRest() throws Exception {
        CountDownLatch eight = new CountDownLatch(ToolRound.PARALLEL);
        CountDownLatch go = new CountDownLatch(1);
        rig.tools.tool("slow", it -> {
            eight.countDown();
            go.await();
            return "ok";
        });
        var calls = java.util.stream.IntStream.range(0, 12)
                .mapToObj(i -> call("c" + i, "slow", "{}"))
                .toArray(dev.tagma.mission.step.ToolCall[]::new);
        FakeMission mission = LoopRig.mission("", calls(calls), says("done"));
        CompletableFuture<Ending> ending = rig.runAside(mission);
        eight.await();
        rig.control.drain();
        go.countDown();
        assertThat(ending.get()).isEqualTo(Ending.Released);
        assertThat(LoopRig.observations(mission)).hasSize(8);

        LoopRig heir = new LoopRig();
        heir.tools.tool("slow", it -> "ok");
        heir.run(mission);
        assertThat(heir.tools.executions()).hasSize(4);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void aReinPulledWhileNothingWaitsIsObeyedAtTheNextWait() {
        FakeMission mission = LoopRig.mission("", calls(call("a", "echo", "1")), says("done"));
        rig.control.handBack();
        assertThat(rig.run(mission)).isEqualTo(Ending.Released);
        assertThat(mission.asks()).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}

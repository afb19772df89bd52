package dev.tagma.runtime;

import static dev.tagma.agent.FakeAlarmClock.soon;
import static dev.tagma.agent.Turn.call;
import static dev.tagma.agent.Turn.calls;
import static dev.tagma.agent.Turn.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.agent.AnswerJudge;
import dev.tagma.agent.Ending;
import dev.tagma.agent.FakeAlarmClock;
import dev.tagma.agent.FakeMission;
import dev.tagma.agent.ReactLoop;
import dev.tagma.agent.ScriptedTools;
import dev.tagma.agent.Specs;
import dev.tagma.agent.Turn;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Reason;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.link.Start;
import dev.tagma.mission.step.StepContent;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RuntimeInstanceTest {
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final FakeAlarmClock clock = new FakeAlarmClock();
    private final ScriptedTools tools = new ScriptedTools();
    private final RecordedRuntime recorder = new RecordedRuntime();
    private final FakeGateway gateway = new FakeGateway();
    private final CountDownLatch go = new CountDownLatch(1);
    private final RuntimeInstance runtime = instance(gateway, tools);

    private RuntimeInstance instance(FakeGateway at, ScriptedTools with) {
        ReactLoop loop = new ReactLoop(clock, with, new AnswerJudge(), new Random(1));
        Hello hello = new Hello(new UUID(1, 1), "pod", 1, "test");
        return RuntimeInstance.start(at, hello, loop, clock, new RuntimeSettings(GRACE, recorder));
    }

    @AfterEach
    void leave() {
        go.countDown();
        gateway.lease(FakeGateway.Lease.Live);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(runtime::close);
        soon().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return closed.isDone();
        });
    }

    private static FakeMission mission(long id, Turn... script) {
        return new FakeMission(id, Specs.mission(""), Specs.pool(), script);
    }

    /** Answers once the test says go. */
    private Turn slowly(String answer) {
        return (mission, ask) -> {
            go.await();
            return says(answer).take(mission, ask);
        };
    }

    private FakeMission startedSlowly(long id) {
        FakeMission mission = mission(id, slowly("done"));
        gateway.start(mission);
        soon().until(() -> !mission.asks().isEmpty());
        return mission;
    }

    private void beat() {
        soon().until(() -> clock.waiting() > 0);
        clock.advance(BEAT);
    }

    private void beatUntil(java.util.concurrent.Callable<Boolean> condition) {
        soon().until(() -> {
            clock.advance(BEAT);
            return condition.call();
        });
    }

    @Test
    void missionsBeyondTheSlotsStillRun() {
        FakeMission one = startedSlowly(1);
        FakeMission two = startedSlowly(2);
        assertThat(runtime.running()).isEqualTo(2);
        go.countDown();
        soon().until(() -> runtime.running() == 0);
        assertThat(one.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(two.outcome().reason()).isEqualTo(Reason.Succeeded);
        assertThat(recorder.endings).containsExactly(Ending.Finished, Ending.Finished);
    }

    @Test
    void duplicateStartSameEpoch() {
        FakeMission mission = startedSlowly(1);
        gateway.session().inbox().start(mission.start());
        go.countDown();
        soon().until(() -> runtime.running() == 0);
        assertThat(mission.asks()).hasSize(1);
        assertThat(recorder.started).hasValue(1);
    }

    @Test
    void aStartThatArrivesAfterItsMissionEndedRunsNothing() {
        FakeMission mission = mission(1, calls(call("a", "echo", "1")), says("done"));
        Start late = mission.start();
        gateway.start(mission);
        soon().until(() -> runtime.running() == 0 && mission.outcome() != null);
        gateway.session().inbox().start(late);
        assertThat(recorder.started).hasValue(1);
        assertThat(runtime.running()).isZero();
        assertThat(tools.executions().get("1/a")).hasValue(1);
    }

    @Test
    void startHigherEpochWhileRunning() {
        FakeMission mission = startedSlowly(1);
        Start stale = mission.start();
        mission.takeOver();
        gateway.session().inbox().start(mission.start());
        soon().until(() -> mission.asks().size() == 2 && recorder.endings.size() == 1);
        gateway.session().inbox().start(stale);
        go.countDown();
        soon().until(() -> runtime.running() == 0);
        assertThat(recorder.endings).containsExactly(Ending.Lost, Ending.Finished);
        assertThat(mission.contents()).hasSize(1);
        assertThat(recorder.started).hasValue(2);
    }

    @Test
    void aStopEndsTheMissionAtOnce() {
        FakeMission mission = startedSlowly(1);
        gateway.session().inbox().stop(mission.claim());
        soon().until(() -> runtime.running() == 0);
        assertThat(recorder.endings).containsExactly(Ending.Lost);
        assertThat(mission.contents()).isEmpty();
    }

    @Test
    void lostCancelHealsByHeartbeat() {
        FakeMission mission = startedSlowly(1);
        gateway.unbind(mission);
        beatUntil(() -> runtime.running() == 0);
        assertThat(recorder.endings).containsExactly(Ending.Lost);
    }

    @Test
    void bindingNeverStarted() {
        FakeMission mission = mission(1, says("done"));
        gateway.bind(mission);
        beatUntil(() -> mission.outcome() != null);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void aDeadInstanceStopsEverythingAndSaysHelloAnew() {
        FakeMission mission = startedSlowly(1);
        gateway.lease(FakeGateway.Lease.Dead);
        beat();
        soon().until(() -> gateway.sessions().size() == 2);
        gateway.lease(FakeGateway.Lease.Live);
        soon().until(() -> recorder.endings.contains(Ending.Lost));
        assertThat(recorder.sessionsLost).hasValue(1);
        assertThat(gateway.formers()).as("the same process").containsExactly(0L, 1L);

        mission.takeOver();
        gateway.start(mission);
        go.countDown();
        soon().until(() -> mission.outcome() != null);
    }

    @Test
    void oldReplicaHeartbeatAfterReconnect() {
        gateway.lease(FakeGateway.Lease.Dead);
        beat();
        soon().until(() -> gateway.sessions().size() == 2);
        gateway.lease(FakeGateway.Lease.Live);
        soon().until(() -> runtime.instance() == 2);
        FakeMission mission = startedSlowly(1);

        gateway.sessions().getFirst().inbox().stop(mission.claim());
        gateway.sessions()
                .getFirst()
                .inbox()
                .start(mission(2, says("nobody wants it")).start());

        assertThat(runtime.running()).isEqualTo(1);
        go.countDown();
        soon().until(() -> mission.outcome() != null);
    }

    @Test
    void aStoreThatIsAwayFor20sStopsNothing() {
        FakeMission mission = startedSlowly(1);
        gateway.lease(FakeGateway.Lease.StoreAway);
        for (int i = 0; i < 40; i++) {
            beat();
        }
        assertThat(runtime.running()).isEqualTo(1);
        assertThat(recorder.sessionsLost).hasValue(0);
        gateway.lease(FakeGateway.Lease.Live);
        go.countDown();
        soon().until(() -> mission.outcome() != null);
        assertThat(mission.outcome().reason()).isEqualTo(Reason.Succeeded);
    }

    @Test
    void aGatewayThatIsOutOfReachForALeaseStopsEverything() {
        startedSlowly(1);
        gateway.lease(FakeGateway.Lease.Unreachable);
        beat();
        assertThat(runtime.running()).isEqualTo(1);
        beatUntil(() -> runtime.running() == 0);
        assertThat(recorder.sessionsLost).hasValue(1);
        gateway.lease(FakeGateway.Lease.Live);
        beatUntil(() -> gateway.sessions().size() == 2);
    }

    @Test
    void heartbeatsGoOnWhileMissionsKeepEveryCarrierBusy() {
        CountDownLatch spinning = new CountDownLatch(Runtime.getRuntime().availableProcessors());
        tools.tool("spin", call -> {
            spinning.countDown();
            while (go.getCount() > 0) {
                Thread.onSpinWait();
            }
            return "dizzy";
        });
        int busy = Runtime.getRuntime().availableProcessors() + 1;
        for (int i = 1; i <= busy; i++) {
            gateway.start(mission(i, calls(call("a", "spin", "{}")), says("done")));
        }
        soon().until(() -> spinning.getCount() == 0);
        int before = gateway.session().beats().size();
        beatUntil(() -> gateway.session().beats().size() > before + 3);
    }

    @Test
    void drainFinishesToolsInFlightThenHandsBack() {
        CountDownLatch called = new CountDownLatch(1);
        tools.tool("slow", call -> {
            called.countDown();
            go.await();
            return "finished";
        });
        FakeMission mission = mission(1, calls(call("a", "slow", "{}")), says("done"));
        gateway.start(mission);
        soon().until(() -> called.getCount() == 0);
        gateway.session().inbox().drain();
        soon().until(() -> gateway.session().beats().contains(true));
        assertThat(mission.releases()).isEmpty();
        go.countDown();
        runtime.close();
        assertThat(mission.releases()).containsExactly(new Release.HandBack());
        assertThat(mission.contents()).hasSize(2).last().isInstanceOf(StepContent.Observation.class);
        assertThat(gateway.session().left()).isTrue();
    }

    @Test
    void aStepThatOutlastsTheGraceIsHandedBackWithoutIt() {
        FakeMission mission = startedSlowly(1);
        runtime.drain();
        soon().until(() -> clock.waiting() >= 3);
        clock.advance(GRACE);
        soon().until(() -> !mission.releases().isEmpty());
        assertThat(mission.releases()).containsExactly(new Release.HandBack());
        assertThat(mission.contents()).isEmpty();
    }

    @Test
    void whatIsStartedWhileDrainingIsHandedBackAtOnce() {
        FakeMission first = startedSlowly(1);
        runtime.drain();
        soon().until(() -> gateway.session().beats().contains(true));
        FakeMission second = mission(2, says("done"));
        gateway.start(second);
        soon().until(() -> !second.releases().isEmpty());
        assertThat(second.releases()).containsExactly(new Release.HandBack());
        assertThat(second.asks()).isEmpty();
        assertThat(first.releases()).isEmpty();
    }

    @Test
    void aDrainEndsAlsoWhileTheStoreIsAway() {
        FakeMission mission = startedSlowly(1);
        gateway.session().refuse(Integer.MAX_VALUE);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(runtime::close);
        beatUntil(closed::isDone);
        assertThat(mission.releases()).isEmpty();
        assertThat(recorder.endings).containsExactly(Ending.Lost);
    }

    @Test
    void aStaleOwnerThatWakesUpAfterTheTakeoverIsFenced() {
        CountDownLatch called = new CountDownLatch(1);
        tools.tool("effect", call -> {
            called.countDown();
            go.await();
            return "from the zombie";
        });
        FakeMission mission = mission(1, calls(call("a", "effect", "{}")), says("done"));
        gateway.start(mission);
        soon().until(() -> called.getCount() == 0);

        mission.takeOver();
        FakeGateway elsewhere = new FakeGateway();
        try (RuntimeInstance successor =
                instance(elsewhere, new ScriptedTools().tool("effect", call -> "from the heir"))) {
            elsewhere.start(mission);
            soon().until(() -> mission.outcome() != null);
            assertThat(successor.instance()).isEqualTo(1);
        }
        int steps = mission.contents().size();
        go.countDown();
        soon().until(() -> runtime.running() == 0);

        assertThat(recorder.endings).contains(Ending.Lost);
        assertThat(mission.contents()).hasSize(steps);
        assertThat(((StepContent.Observation) mission.contents().get(1)).output())
                .isEqualTo("from the heir");
    }
}

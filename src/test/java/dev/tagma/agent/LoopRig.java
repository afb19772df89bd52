package dev.tagma.agent;

import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.StepContent.Observation;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A loop with everything around it scripted. */
final class LoopRig {
    final FakeAlarmClock clock = new FakeAlarmClock();
    final ScriptedTools tools = new ScriptedTools();
    final ReactLoop loop = new ReactLoop(clock, tools, new AnswerJudge(), new Random(1));
    final FakeGatewaySession session = new FakeGatewaySession();
    final MissionControl control = new MissionControl();

    Ending run(FakeMission mission) {
        session.add(mission);
        return loop.run(mission.start(), session, control);
    }

    CompletableFuture<Ending> runAside(FakeMission mission) {
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> ending.complete(run(mission)));
        return ending;
    }

    static FakeMission mission(String fields, Turn... script) {
        return new FakeMission(1, Specs.mission(fields), Specs.pool(), script);
    }

    static List<Topic> feedback(FakeMission mission) {
        return mission.contents().stream()
                .filter(Feedback.class::isInstance)
                .map(content -> ((Feedback) content).topic())
                .toList();
    }

    static List<Observation> observations(FakeMission mission) {
        return mission.contents().stream()
                .filter(Observation.class::isInstance)
                .map(Observation.class::cast)
                .toList();
    }
}

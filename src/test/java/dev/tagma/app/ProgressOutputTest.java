package dev.tagma.app;

import static dev.tagma.app.view.Missions.NOW;
import static dev.tagma.app.view.Missions.calls;
import static dev.tagma.app.view.Missions.row;
import static dev.tagma.app.view.Missions.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.app.view.MissionProgress;
import dev.tagma.app.view.Transitions;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressOutputTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ProgressOutput lines = new ProgressOutput.Lines(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), new Transitions(ZoneOffset.UTC), true);
    private MissionProgress a = MissionProgress.of(row("a", Reason.Running));
    private MissionProgress b = MissionProgress.of(row("b", Reason.Running));

    @Test
    void stepsOfSeveralMissionsComeInTheOrderOfTheirTimes() {
        a = stepped(a, 1, 10);
        a = stepped(a, 2, 30);
        b = stepped(b, 1, 20);
        round();
        b = stepped(b, 2, 25);
        a = stepped(a, 3, 50);
        round();
        assertThat(printed())
                .as("what came in the last round may be followed by something earlier")
                .containsExactly(
                        "10 default/a step 1", "20 default/b step 1", "25 default/b step 2", "30 default/a step 2");
        lines.end();
        assertThat(printed()).last().isEqualTo("50 default/a step 3");
    }

    @Test
    void anEndFollowsTheLastStepWhateverTheClocksSay() {
        a = stepped(a, 1, 40);
        lines.changed(MissionProgress.of(row("a", Reason.Succeeded, "", Outcome.succeeded("done", null))), at(35));
        lines.end();
        assertThat(printed()).containsExactly("40 default/a step 1", "40 default/a Succeeded");
    }

    @Test
    void whatRepeatsWithoutProgressIsSaidOnce() {
        MissionProgress waits = MissionProgress.of(row("a", Reason.ProviderUnavailable));
        lines.changed(waits, at(1));
        lines.changed(waits, at(2));
        a = stepped(a, 1, 3);
        lines.changed(waits.with(stepAt(1, 3)), at(4));
        lines.end();
        assertThat(printed()).containsExactly("01 default/a Waiting", "03 default/a step 1", "04 default/a Waiting");
    }

    private MissionProgress stepped(MissionProgress mission, long seq, int millis) {
        Step step = stepAt(seq, millis);
        MissionProgress progress = mission.with(step);
        lines.step(progress, step);
        return progress;
    }

    private static Step stepAt(long seq, int millis) {
        Step step = step(seq, calls("factors"));
        return new Step(
                step.seq(),
                step.epoch(),
                step.kind(),
                step.content(),
                step.contentDigest(),
                step.digest(),
                step.usage(),
                at(millis));
    }

    private void round() {
        lines.round(List.of(a, b), NOW, Duration.ZERO);
    }

    private static Instant at(int millis) {
        return Instant.parse("2026-11-21T10:00:00Z").plusMillis(millis);
    }

    /** The milliseconds, and what was said up to its first colon. */
    private List<String> printed() {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(line.indexOf('.') + 2))
                .map(line -> line.replaceFirst(": .*", ""))
                .toList();
    }
}

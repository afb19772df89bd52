package dev.tagma.app.view;

import static dev.tagma.app.view.Missions.NOW;
import static dev.tagma.app.view.Missions.answered;
import static dev.tagma.app.view.Missions.calls;
import static dev.tagma.app.view.Missions.row;
import static dev.tagma.app.view.Missions.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressViewTest {
    @Test
    void aLinePerMissionAndASum() {
        MissionProgress running = MissionProgress.of(row("scope3", Reason.Running))
                .with(step(1, calls("factors", "factors", "publish")))
                .with(step(2, answered("c0", "factors", "{}")));
        MissionProgress queued = MissionProgress.of(row("triage", Reason.Queued));
        MissionProgress done =
                MissionProgress.of(row("hello", Reason.Succeeded, "", Outcome.succeeded("Four\nis the answer.", null)));
        List<String> lines = new ProgressView(20, 100, Colors.None)
                .lines(List.of(running, queued, done), NOW, Duration.ofMillis(12_345));
        assertThat(String.join("\n", lines)).isEqualTo("""
                MISSION        PHASE     STEP TOKENS     COST    TIME  ACTIVITY
                default/scope3 Running      2    950    0.001   12.3s  calling factors, publish
                default/triage Queued       0   1.2k   0.0123     0ms
                default/hello  Succeeded    0   1.2k   0.0123   12.3s  Four is the answer.
                3 missions: 1 queued, 1 running, 1 succeeded; 3.4k tokens, cost 0.0256, 12.3s""");
    }

    @Test
    void thoseAtWorkAreShownWhereNotAllFit() {
        List<MissionProgress> missions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            missions.add(MissionProgress.of(row("m" + i, i == 90 ? Reason.Running : Reason.Queued)));
        }
        List<String> lines = new ProgressView(6, 80, Colors.None).lines(missions, NOW, Duration.ZERO);
        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).startsWith("default/m90 Running");
        assertThat(lines.get(4)).isEqualTo("… and 97 more");
        assertThat(lines.get(5)).startsWith("100 missions: 99 queued, 1 running; ");
    }

    @Test
    void noLineIsWiderThanTheScreen() {
        MissionProgress failed = MissionProgress.of(row(
                "scope3", Reason.ModelFailed, "", Outcome.failed(Reason.ModelFailed, "no model answered ".repeat(50))));
        for (int columns : new int[] {20, 30, 41, 80}) {
            assertThat(new ProgressView(20, columns, Colors.None).lines(List.of(failed), NOW, Duration.ZERO))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
        }
    }

    @Test
    void aNarrowScreenLosesNumbersBeforeTheActivity() {
        MissionProgress running =
                MissionProgress.of(row("scope3", Reason.Running)).with(step(1, calls("factors", "publish")));
        assertThat(new ProgressView(20, 60, Colors.None).lines(List.of(running), NOW, Duration.ZERO))
                .startsWith(
                        "MISSION        PHASE        TIME  ACTIVITY",
                        "default/scope3 Running     12.3s  calling factors, publish");
        assertThat(new ProgressView(20, 52, Colors.None).lines(List.of(running), NOW, Duration.ZERO))
                .startsWith("MISSION        PHASE      ACTIVITY", "default/scope3 Running    calling factors, publish");
    }

    @Test
    void aNarrowTableLosesNumbersBeforeResults() {
        List<MissionProgress> missions = List.of(MissionProgress.of(
                row("scope3", Reason.Succeeded, "", Outcome.succeeded("The total is 1204.5 kg of CO2.", null))));
        assertThat(MissionTable.lines(missions, NOW, 200).getFirst())
                .isEqualTo("NAMESPACE   NAME     PHASE       STEPS   MODEL   TOOLS   TOKENS   COST     TIME    RESULT");
        assertThat(MissionTable.lines(missions, NOW, 80))
                .containsExactly(
                        "NAMESPACE   NAME     PHASE       COST     TIME    RESULT",
                        "default     scope3   Succeeded   0.0123   12.3s   The total is 1204.5 kg of CO2.");
        assertThat(MissionTable.lines(missions, NOW, 40))
                .containsExactly("NAMESPACE   NAME     PHASE       RESULT", "default     scope3   Succeeded   The to…");
    }

    @Test
    void coloursSurroundThePhaseAlone() {
        assertThat(new ProgressView(20, 80, Colors.Ansi)
                        .lines(List.of(MissionProgress.of(row("a", Reason.Running))), NOW, Duration.ZERO)
                        .get(1))
                .startsWith("default/a \u001b[36mRunning  \u001b[0m ");
    }

    @Test
    void onlyWhatChangedIsDrawnAgain() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LiveBlock block = new LiveBlock(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        block.draw(List.of("one", "two"));
        bytes.reset();
        block.draw(List.of("one", "deux"));
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[2A\n\rdeux\u001b[K\n");
        bytes.reset();
        block.draw(List.of("un"));
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[2A\run\u001b[K\n\u001b[J");
        bytes.reset();
        block.clear();
        block.clear();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[1A\r\u001b[J");
    }
}

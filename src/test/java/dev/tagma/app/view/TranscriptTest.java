package dev.tagma.app.view;

import static dev.tagma.app.view.Missions.NOW;
import static dev.tagma.app.view.Missions.answered;
import static dev.tagma.app.view.Missions.calls;
import static dev.tagma.app.view.Missions.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.mission.Digest;
import dev.tagma.mission.Step;
import dev.tagma.mission.StepKind;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Plan.Item;
import dev.tagma.mission.step.StepContent.Plan.State;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private final JsonMapper json = new JsonMapper();
    private final Transcript transcript = new Transcript(json, ZoneOffset.UTC, Colors.None);

    @Test
    void aReplyShowsWhatItSaidCalledAndCost() {
        assertThat(text(step(1, calls("factors", "publish")))).isEqualTo("""
                    1 model primary calls factors, publish; 900 tokens in, 50 out, cost 0.001 2026-11-21 09:00:12.345
                      I look it up.
                      -> factors {"key":"steel"}
                      -> publish {"key":"steel"}""");
    }

    @Test
    void anObservationShowsTheOutputWithoutItsCommands() {
        assertThat(text(step(2, answered("c0", "factors", "a\u001b[2J\nb")))).isEqualTo("""
                    2 factors answered 7 characters 2026-11-21 09:00:12.345
                      a\uFFFD[2J
                      b""");
    }

    @Test
    void aFailoverIsTold() {
        StepContent.ModelReply reply = new StepContent.ModelReply(
                "42",
                List.of(),
                "second",
                1,
                1,
                0,
                StepContent.ModelReply.Stop.Answer,
                List.of(new Failover(NOW, Failover.Type.Model, "first", "second", "Unreachable")));
        assertThat(text(step(3, reply)))
                .startsWith("3 model second (after first: Unreachable) answers;")
                .contains("! first failed (Unreachable), asked second");
    }

    @Test
    void aPlanIsAList() {
        StepContent.Plan plan = new StepContent.Plan(
                1,
                "c0",
                List.of(
                        new Item("look up", State.Done),
                        new Item("sum", State.InProgress),
                        new Item("report", State.Pending)));
        assertThat(text(step(4, plan)))
                .endsWith("  [x] look up\n  [>] sum\n  [ ] report")
                .contains("plan of 3 items");
    }

    @Test
    void expiredContentIsSaidToBeGone() {
        Digest digest = Digest.sha256(new byte[0]);
        Step expired = new Step(5, 1, StepKind.Observation, null, digest, digest, Usage.NONE, NOW);
        assertThat(text(expired)).contains("Observation (expired)").contains("expired; its digest " + digest);
    }

    @Test
    void aLineOfJsonHoldsContentAndDigests() throws Exception {
        JsonNode line = json.readTree(transcript.line(step(2, answered("c0", "factors", "out"))));
        assertThat(line.path("sequence").asLong()).isEqualTo(2);
        assertThat(line.path("kind").asText()).isEqualTo("Observation");
        assertThat(line.path("content").path("output").asText()).isEqualTo("out");
        assertThat(line.path("digest").asText()).hasSize(64);
        assertThat(line.path("usage").path("tokens").path("input").asLong()).isEqualTo(900);
    }

    private String text(Step step) {
        return String.join("\n", transcript.text(step)).stripIndent();
    }
}

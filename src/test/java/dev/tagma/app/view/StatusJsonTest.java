package dev.tagma.app.view;

import static dev.tagma.app.view.Missions.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
    private final JsonMapper json = new JsonMapper();
    private final StatusJson status = new StatusJson(json, uid -> Optional.of(spec()));

    @Test
    void aSuccessHasItsResultAndConditions() throws Exception {
        JsonNode mission = status.mission(MissionProgress.of(
                row("m", Reason.Succeeded, "", Outcome.succeeded("done", json.readTree("{\"total\":1.50}")))));
        assertThat(mission.at("/metadata/name").asText()).isEqualTo("m");
        assertThat(mission.at("/status/phase").asText()).isEqualTo("Succeeded");
        assertThat(mission.at("/status/result/output/total").asText()).isEqualTo("1.5");
        assertThat(mission.at("/status/usage/cost").asText()).isEqualTo("0.0123");
        assertThat(mission.at("/status/completionTime").asText()).isEqualTo("2026-11-21T09:00:12.345Z");
        assertThat(conditions(mission))
                .containsExactly("Ready=True", "Reconciling=False", "Stalled=False", "Finished=True");
        assertThat(mission.at("/status/failure").isMissingNode()).isTrue();
    }

    @Test
    void aFailureHasItsReason() {
        JsonNode mission = status.mission(MissionProgress.of(
                row("m", Reason.BudgetExceeded, "", Outcome.failed(Reason.BudgetExceeded, "200 of 100 tokens"))));
        assertThat(mission.at("/status/failure/reason").asText()).isEqualTo("BudgetExceeded");
        assertThat(mission.at("/status/failure/attempts").asInt()).isEqualTo(1);
        assertThat(conditions(mission))
                .containsExactly("Ready=False", "Reconciling=False", "Stalled=True", "Finished=True");
    }

    @Test
    void aRunningMissionIsReconciling() {
        assertThat(conditions(status.mission(MissionProgress.of(row("m", Reason.Running)))))
                .containsExactly("Ready=False", "Reconciling=True", "Stalled=False", "Finished=False");
    }

    @Test
    void theSpecIsShownAsItWasAdmitted() {
        JsonNode mission = status.mission(MissionProgress.of(row("m", Reason.Running)));
        assertThat(mission.at("/spec/goal").asText()).isEqualTo("Estimate.");
        assertThat(mission.path("spec").has("agent"))
                .as("what is not set is left out")
                .isFalse();
    }

    private MissionSpec spec() {
        return json.convertValue(Map.of("goal", "Estimate."), MissionSpec.class);
    }

    private static List<String> conditions(JsonNode mission) {
        return mission.at("/status/conditions")
                .valueStream()
                .map(c -> c.path("type").asText() + "=" + c.path("status").asText())
                .toList();
    }
}

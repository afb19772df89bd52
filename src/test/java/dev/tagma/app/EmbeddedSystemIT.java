package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.StepKind;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EmbeddedSystemIT {
    private static final String ADDING = """
            kind: ConfigMap
            metadata: {name: script}
            data:
              script: |
                rules:
                - when: {turn: 0}
                  reply: {toolCalls: [{tool: calculator, arguments: {expression: "0.1 + 0.2"}}]}
                - reply: {text: "The sum is {{result.calculator}}."}
            ---
            kind: ModelProvider
            metadata: {name: scripted}
            spec: {type: Scripted, script: {configMapKeyRef: {name: script, key: script}}}
            ---
            kind: AgentPool
            metadata: {name: default}
            spec:
              models: [{name: primary, providerRef: {name: scripted}, model: any}]
              agents: [{name: adder, instructions: Add., models: [primary], tools: [calculator]}]
              tools: [{name: calculator, builtin: Calculator}]
            """;

    @Test
    void aMissionRunsToItsAnswerAndItsStepsAreStored() {
        try (RunningSystem system = start(ADDING + mission("sum", "Add 0.1 and 0.2."))) {
            MissionRecord ended =
                    finish(system, system.submit(system.prepare())).getFirst();
            assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
            assertThat(ended.outcome().summary()).isEqualTo("The sum is 0.3.");
            assertThat(ended.usage().iterations()).isEqualTo(2);
            assertThat(ended.usage().toolCalls()).isEqualTo(1);
            assertThat(system.steps().read(ended.id(), 0, 10))
                    .extracting(step -> step.kind())
                    .containsExactly(StepKind.ModelReply, StepKind.Observation, StepKind.ModelReply);
        }
    }

    private static String mission(String name, String goal) {
        return "---\nkind: Mission\nmetadata: {name: " + name + "}\nspec: {goal: \"" + goal + "\"}\n";
    }

    private static RunningSystem start(String yaml) {
        DatabaseSettings database = TestPostgres.shared().fresh();
        return EmbeddedSystem.start(new RunningSystem.Settings(
                new DatabaseAddress(
                        database.url(), database.user(), database.password() == null ? "" : database.password()),
                TestResources.of(yaml),
                null));
    }

    private static List<MissionRecord> finish(RunningSystem system, List<MissionRecord> admitted) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> now(system, admitted).stream()
                        .allMatch(mission -> mission.phase().terminal()));
        return now(system, admitted);
    }

    private static List<MissionRecord> now(RunningSystem system, List<MissionRecord> missions) {
        return missions.stream()
                .map(mission -> system.missions().find(mission.uid()).orElseThrow())
                .toList();
    }
}

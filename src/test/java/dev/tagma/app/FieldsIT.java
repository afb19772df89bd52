package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.store.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Fields of pools and missions that only a whole system gives their meaning. One system runs all missions at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String YAML = """
            kind: Namespace
            metadata: {name: abroad, labels: {team: carbon}}
            ---
            kind: ConfigMap
            metadata: {name: data}
            data:
              prompt: You are a pirate.
              inputs: "{treasure: 12.50}"
              script: |
                rules:
                - when: {goalContains: report, contains: You are a pirate}
                  reply: {text: "aye"}
                - when: {goalContains: count, contains: "12.50"}
                  reply: {text: "counted"}
                - when: {goalContains: "one by one"}
                  latency: 150ms
                  reply: {text: "done"}
                - when: {goalContains: "anybody"}
                  reply: {text: "served"}
            ---
            kind: ModelProvider
            metadata: {name: scripted}
            spec: {type: Scripted, script: {configMapKeyRef: {name: data, key: script}}}
            """
            + pool("pirates", "", "instructionsFrom: {configMapKeyRef: {name: data, key: prompt}}")
            + pool("single", "\n  runtime: {missionsPerPod: 1}", "instructions: Do it.")
            + pool("none", "\n  replicas: 0", "instructions: Do it.")
            + pool(
                    "open",
                    "\n  allowedNamespaces: {from: Selector, selector: {matchLabels: {team: carbon}}}",
                    "instructions: Do it.")
            + Manifests.mission("pirate", "{goal: report, poolRef: {name: pirates}}")
            + Manifests.mission(
                    "counted",
                    "{goal: count, poolRef: {name: pirates}, inputsFrom: {configMapKeyRef: {name: data, key: inputs}}}")
            + Manifests.mission("low", "{goal: one by one, poolRef: {name: single}, priority: -5}")
            + Manifests.mission("middle", "{goal: one by one, poolRef: {name: single}}")
            + Manifests.mission("high", "{goal: one by one, poolRef: {name: single}, priority: 5}")
            + Manifests.mission("nowhere", "{goal: anybody, poolRef: {name: none}}")
            + Manifests.mission("asleep", "{goal: anybody, poolRef: {name: pirates}, suspend: true}")
            + Manifests.mission("stillborn", "{goal: anybody, poolRef: {name: pirates}, suspend: true, cancel: true}")
            + "---\nkind: Mission\nmetadata: {name: guest, namespace: abroad}\n"
            + "spec: {goal: anybody, poolRef: {name: open, namespace: default}}\n";

    private Rig rig;

    @BeforeAll
    void runThemAll() {
        rig = new Rig(TestPostgres.shared().fresh(), YAML);
        rig.submit(rig.system("only"));
        rig.await(
                PATIENCE,
                () -> Stream.of("pirate", "counted", "low", "middle", "high", "guest")
                        .allMatch(name -> mission(name).phase().terminal()));
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @Test
    void instructionsFromAConfigMapReachTheModel() {
        assertThat(mission("pirate").outcome().summary()).isEqualTo("aye");
    }

    @Test
    void inputsFromAConfigMapReachTheModelToTheLastDigit() {
        assertThat(mission("counted").outcome().summary()).isEqualTo("counted");
    }

    @Test
    void noMoreMissionsThanMissionsPerPodRunAtATime() {
        List<MissionRecord> inOrder = Stream.of("low", "middle", "high")
                .map(this::mission)
                .sorted(Comparator.comparing(MissionRecord::startedAt))
                .toList();
        assertThat(inOrder).extracting(MissionRecord::phase).containsOnly(Phase.Succeeded);
        IntStream.range(1, inOrder.size()).forEach(i -> {
            Instant before = inOrder.get(i - 1).finishedAt();
            assertThat(inOrder.get(i).startedAt()).isAfterOrEqualTo(before);
        });
    }

    @Test
    void theHigherPriorityStartsFirst() {
        assertThat(mission("high").startedAt()).isBefore(mission("middle").startedAt());
        assertThat(mission("middle").startedAt()).isBefore(mission("low").startedAt());
    }

    @Test
    void aPoolWithoutReplicasLetsItsMissionsWait() {
        assertThat(mission("nowhere").reason()).isEqualTo(Reason.Queued);
    }

    @Test
    void aSuspendedMissionDoesNotStartAndCancelWinsOverSuspend() {
        assertThat(mission("asleep").reason()).isEqualTo(Reason.Suspended);
        assertThat(mission("asleep").startedAt()).isNull();
        assertThat(mission("stillborn").reason()).isEqualTo(Reason.CancelRequested);
    }

    @Test
    void aNamespaceThatTheSelectorMatchesMayUseThePool() {
        assertThat(mission("guest").outcome().summary()).isEqualTo("served");
    }

    private MissionRecord mission(String name) {
        return rig.missions().stream()
                .filter(mission -> mission.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String pool(String name, String more, String instructions) {
        return """
                ---
                kind: AgentPool
                metadata: {name: %s}
                spec:
                  models: [{name: primary, providerRef: {name: scripted}, model: any}]
                  agents: [{name: clerk, %s, models: [primary]}]%s
                """.formatted(name, instructions, more);
    }
}

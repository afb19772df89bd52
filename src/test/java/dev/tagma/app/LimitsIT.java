package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.store.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The clock, the budget, retries, failover and the orders of people, over a whole system. One system runs all missions at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private static final String YAML = """
            kind: ConfigMap
            metadata: {name: script}
            data:
              script: |
                rules:
                - when: {model: away}
                  fault: {kind: Unreachable}
                - when: {model: refusing}
                  fault: {kind: InvalidRequest}
                - when: {goalContains: hang}
                  fault: {kind: Hang}
                - when: {goalContains: retry}
                  fault: {kind: InvalidRequest, times: 2}
                - when: {goalContains: retry}
                  reply: {text: "third time lucky"}
                - when: {goalContains: forever}
                  fault: {kind: InvalidRequest}
                - when: {goalContains: paid}
                  fault: {kind: InvalidReply, times: 1}
                - when: {goalContains: paid}
                  reply: {text: "done", inputTokens: 100, outputTokens: 10}
                - when: {goalContains: orders}
                  reply: {toolCalls: [{tool: slow, arguments: {turn: "{{turn}}"}}]}
                - when: {goalContains: spend, hasTools: false}
                  reply: {text: "the best I have", inputTokens: 10, outputTokens: 10}
                - when: {goalContains: spend}
                  reply: {toolCalls: [{tool: calculator, arguments: {expression: "{{turn}} + 1"}}], inputTokens: 200, outputTokens: 1000}
                - reply: {text: "done"}
            ---
            kind: ModelProvider
            metadata: {name: scripted}
            spec:
              type: Scripted
              script: {configMapKeyRef: {name: script, key: script}}
              retry: {limit: 0}
              pricing: [{model: any, inputPerMillion: "1", outputPerMillion: "2"}]
            ---
            kind: ModelProvider
            metadata: {name: patient}
            spec:
              type: Scripted
              script: {configMapKeyRef: {name: script, key: script}}
              retry: {limit: 1, backoff: {initial: 1ms, factor: 1, max: 1ms}}
              pricing: [{model: any, inputPerMillion: "1", outputPerMillion: "2"}]
            ---
            kind: AgentPool
            metadata: {name: default}
            spec:
              models:
              - {name: first, providerRef: {name: scripted}, model: any, parameters: {maxOutputTokens: 1000}}
              - {name: gone, providerRef: {name: scripted}, model: away}
              - {name: sullen, providerRef: {name: scripted}, model: refusing}
              - {name: again, providerRef: {name: patient}, model: any, parameters: {maxOutputTokens: 1000}}
              agents:
              - {name: clerk, instructions: Do it., models: [first], tools: [calculator, slow]}
              - {name: chained, instructions: Do it., models: [gone, sullen, first]}
              - {name: waiting, instructions: Do it., models: [gone]}
              - {name: patient, instructions: Do it., models: [again]}
              tools:
              - {name: calculator, builtin: Calculator}
            """;

    private Witness witness;
    private Rig rig;

    @BeforeAll
    void runThemAll(@TempDir Path directory) throws IOException {
        witness = new Witness(directory.resolve("witness"), Duration.ofMillis(200));
        rig = new Rig(
                TestPostgres.shared().fresh(),
                YAML
                        + Manifests.witnessed("slow", witness, "PUT", "sideEffects: Idempotent")
                                .indent(2)
                        + mission("hang", "{goal: hang, timeout: 1s}")
                        + mission("parked", "{goal: go, agent: waiting, timeout: 2s}")
                        + mission("unstarted", "{goal: go, agent: waiting, startDeadline: 1s, timeout: 1m}")
                        + mission("retry", "{goal: retry, retry: {limit: 2}}")
                        + mission("forever", "{goal: forever, retry: {limit: 1}}")
                        + mission("paid", "{goal: paid, agent: patient}")
                        + mission("failover", "{goal: go, agent: chained}")
                        + mission("wrapup", "{goal: spend, budget: {tokens: 3500}, maxIterations: 50}")
                        + mission("stop", "{goal: spend, budget: {tokens: 3500, onExceeded: Stop}, maxIterations: 50}")
                        + mission(
                                "dear", "{goal: spend, budget: {cost: \"0.006\", onExceeded: Stop}, maxIterations: 50}")
                        + mission("cancelled", "{goal: orders, maxIterations: 500}")
                        + mission("suspended", "{goal: orders, maxIterations: 500}")
                        + mission("outlived", "{goal: orders, maxIterations: 500, timeout: 3s}"));
        rig.submit(rig.system("only"));
    }

    @AfterAll
    void stop() {
        rig.close();
        witness.close();
    }

    @Test
    void aModelThatHangsEndsWithTheDeadline() {
        MissionRecord ended = ended("hang");
        assertThat(ended.reason()).isEqualTo(Reason.DeadlineExceeded);
        assertThat(ended.active()).isBetween(ONE_SECOND, Duration.ofSeconds(20));
        assertThat(ended.spent().modelCalls())
                .as("the abandoned call is charged")
                .isOne();
        assertThat(ended.spent().tokens()).isPositive();
    }

    @Test
    void timeSpentWaitingForAProviderCounts() {
        MissionRecord ended = ended("parked");
        assertThat(ended.reason()).isEqualTo(Reason.DeadlineExceeded);
        assertThat(ended.active()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(ended.attempts()).isZero();
    }

    @Test
    void aMissionThatMakesNoStepInTimeFails() {
        assertThat(ended("unstarted").reason()).isEqualTo(Reason.StartDeadlineExceeded);
    }

    @Test
    void aFailureOfTheMomentIsRetriedUntilItSucceeds() {
        MissionRecord ended = ended("retry");
        assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
        assertThat(ended.attempts()).isEqualTo(2);
    }

    @Test
    void retriesEndAtTheirLimit() {
        MissionRecord ended = ended("forever");
        assertThat(ended.reason()).isEqualTo(Reason.ModelFailed);
        assertThat(ended.attempts()).isEqualTo(1);
    }

    @Test
    void aCallThatBroughtNothingButMayCostSomethingIsCounted() {
        MissionRecord ended = ended("paid");
        assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
        assertThat(ended.spent().modelCalls()).isEqualTo(2);
        assertThat(ended.spent().iterations()).isOne();
    }

    @Test
    void theNextModelServesAndEachFailoverIsRecorded() {
        MissionRecord ended = ended("failover");
        assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
        assertThat(ended.failovers())
                .extracting(Failover::type, Failover::from, Failover::to)
                .containsExactly(
                        tuple(Failover.Type.Model, "gone", "sullen"), tuple(Failover.Type.Model, "sullen", "first"));
        assertThat(rig.contents(ended, ModelReply.class).getFirst().model()).isEqualTo("first");
    }

    @Test
    void aSpentBudgetIsWrappedUpOnce() {
        MissionRecord ended = ended("wrapup");
        assertThat(ended.phase()).isEqualTo(Phase.Succeeded);
        assertThat(ended.outcome().summary()).isEqualTo("the best I have");
        assertThat(rig.contents(ended, Feedback.class))
                .extracting(Feedback::topic)
                .containsExactly(Feedback.Topic.WrapUp);
        assertThat(ended.spent().tokens()).isEqualTo(2_420);
    }

    @Test
    void aBudgetThatStopsFailsTheMissionBeforeTheCallThatDoesNotFit() {
        MissionRecord tokens = ended("stop");
        assertThat(tokens.reason()).isEqualTo(Reason.BudgetExceeded);
        assertThat(tokens.spent().tokens()).isEqualTo(2_400);
        MissionRecord money = ended("dear");
        assertThat(money.reason()).isEqualTo(Reason.BudgetExceeded);
        assertThat(money.spent().cost()).isEqualTo("0.0044");
    }

    @Test
    void cancelTakesEffectWithinASecond() {
        MissionRecord running = acting("cancelled");
        rig.observer().missions().cancel(running.uid(), "enough");
        Instant ordered = Instant.now();
        assertThat(ended("cancelled").reason()).isEqualTo(Reason.CancelRequested);
        assertThat(quiet(ordered, "cancelled")).isTrue();
    }

    @Test
    void suspendTakesEffectWithinASecondAndResumeGoesOn() throws Exception {
        MissionRecord running = acting("suspended");
        rig.observer().missions().suspend(running.uid());
        Instant ordered = Instant.now();
        assertThat(mission("suspended").reason()).isEqualTo(Reason.Suspended);
        assertThat(quiet(ordered, "suspended")).isTrue();
        Duration stood = mission("suspended").active();
        int before = rig.contents(mission("suspended"), Observation.class).size();

        long resumed = System.nanoTime();
        rig.observer().missions().resume(running.uid());
        rig.await(
                PATIENCE,
                () -> rig.contents(mission("suspended"), Observation.class).size() > before);
        assertThat(mission("suspended").active())
                .as("suspended time does not count")
                .isLessThan(stood.plusNanos(System.nanoTime() - resumed).plus(ONE_SECOND));
        rig.observer().missions().cancel(running.uid(), "done with it");
    }

    @Test
    void theDeadlineEndsAMissionThatWouldGoOnForEver() {
        MissionRecord ended = ended("outlived");
        assertThat(ended.reason()).isEqualTo(Reason.DeadlineExceeded);
        assertThat(ended.active()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(20));
        assertThat(ended.usage().iterations()).isGreaterThan(1);
    }

    /** Whether the mission makes no further call later than a second after the order. */
    private boolean quiet(Instant ordered, String name) {
        rig.await(PATIENCE, () -> Instant.now().isAfter(ordered.plusMillis(1_800)));
        return calls(name).stream().noneMatch(call -> call.at().isAfter(ordered.plus(ONE_SECOND)));
    }

    private List<Witness.Call> calls(String name) {
        try {
            String uid = mission(name).uid().toString();
            return witness.calls().stream()
                    .filter(call -> call.key().startsWith(uid))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MissionRecord acting(String name) {
        rig.await(PATIENCE, () -> !calls(name).isEmpty());
        return mission(name);
    }

    private MissionRecord ended(String name) {
        rig.await(PATIENCE, () -> mission(name).phase().terminal());
        return mission(name);
    }

    private MissionRecord mission(String name) {
        return rig.missions().stream()
                .filter(mission -> mission.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** For the clerk unless the spec says otherwise. */
    private static String mission(String name, String spec) {
        return Manifests.mission(name, spec.contains("agent:") ? spec : spec.replaceFirst("\\{", "{agent: clerk, "));
    }
}

package dev.tagma.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Http;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Mcp;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.OnUnknownOutcome;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.SideEffects;
import dev.tagma.mission.Digest;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.Observation.Result;
import dev.tagma.mission.step.StepContent.Plan;
import dev.tagma.mission.step.StepContent.ToolStarted;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ToolPolicyTest {
    private static final ToolCall CALL = new ToolCall("c1", "publish", "{}");

    @ParameterizedTest
    @CsvSource({
        "GET, None",
        "HEAD, None",
        "POST, NonIdempotent",
        "PUT, NonIdempotent",
        "PATCH, NonIdempotent",
        "DELETE, NonIdempotent"
    })
    void httpMethodsTellTheirSideEffects(Http.Method method, SideEffects effects) {
        assertThat(ToolPolicy.sideEffects(http(method, null, null))).isEqualTo(effects);
    }

    @Test
    void mcpIsNonIdempotentAndLocalToolsHaveNoSideEffects() {
        Tool mcp = new Tool("m", null, null, null, null, new Mcp("u", null, null, null), null, null, null, null, null);
        Tool builtin = new Tool("b", null, null, Tool.Builtin.Calculator, null, null, null, null, null, null, null);
        assertThat(ToolPolicy.sideEffects(mcp)).isEqualTo(SideEffects.NonIdempotent);
        assertThat(ToolPolicy.sideEffects(builtin)).isEqualTo(SideEffects.None);
        assertThat(ToolPolicy.sideEffects(http(Http.Method.POST, SideEffects.Idempotent, null)))
                .isEqualTo(SideEffects.Idempotent);
    }

    @Test
    void theTimeoutIsCutToWhatIsLeft() {
        Tool tool = http(Http.Method.GET, null, null);
        assertThat(ToolPolicy.timeout(tool, Duration.ofMinutes(5))).isEqualTo(Duration.ofSeconds(60));
        assertThat(ToolPolicy.timeout(tool, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void idempotencyKeyDiffersAfterLoss() {
        UUID mission = new UUID(0, 7);
        Digest stored = Digest.sha256(new byte[] {1});
        Digest another = Digest.sha256(new byte[] {2});
        assertThat(ToolPolicy.idempotencyKey(mission, stored, "c1"))
                .isEqualTo(ToolPolicy.idempotencyKey(mission, stored, "c1"))
                .isNotEqualTo(ToolPolicy.idempotencyKey(mission, another, "c1"))
                .isNotEqualTo(ToolPolicy.idempotencyKey(mission, stored, "c2"))
                .startsWith(mission + "/");
    }

    @ParameterizedTest
    @EnumSource(names = {"None", "Idempotent"})
    void whatMayRepeatRunsAgain(SideEffects effects) {
        Tool tool = http(Http.Method.POST, effects, null);
        assertThat(ToolPolicy.decide(tool, 3, CALL, List.of(new ToolStarted(3, "c1", "publish"))))
                .isEqualTo(new CallDecision.Run(false));
    }

    @Test
    void aNonIdempotentCallIsAnnouncedAndNeverStartsTwice() {
        Tool tool = http(Http.Method.POST, null, null);
        assertThat(ToolPolicy.decide(tool, 3, CALL, List.of())).isEqualTo(new CallDecision.Run(true));
        assertThat(ToolPolicy.decide(tool, 3, CALL, List.of(new ToolStarted(3, "c1", "publish"))))
                .isInstanceOfSatisfying(
                        CallDecision.ReportUnknown.class,
                        report -> assertThat(report.output().step(3, CALL))
                                .isInstanceOfSatisfying(
                                        Observation.class,
                                        o -> assertThat(o.result()).isEqualTo(Result.Unknown)));
    }

    @Test
    void aPersonDecidesWhereTheToolSaysSo() {
        Tool tool = http(Http.Method.POST, null, OnUnknownOutcome.Wait);
        assertThat(ToolPolicy.decide(tool, 3, CALL, List.of(new ToolStarted(3, "c1", "publish"))))
                .isInstanceOf(CallDecision.AwaitPerson.class);
    }

    @Test
    void unstartedCallOfTheSameReplyStillRuns() {
        Tool tool = http(Http.Method.POST, null, null);
        assertThat(ToolPolicy.decide(
                        tool,
                        3,
                        CALL,
                        List.of(
                                new ToolStarted(3, "c2", "publish"),
                                new Observation(2, "c1", "publish", "earlier", Result.Ok, 0),
                                new Feedback(Feedback.Topic.Repetition, "x"))))
                .isEqualTo(new CallDecision.Run(true));
    }

    @Test
    void anObservedCallIsNotMadeAgain() {
        Observation observed = new Observation(3, "c1", "publish", "done", Result.Ok, 0);
        Tool tool = http(Http.Method.POST, null, null);
        assertThat(ToolPolicy.decide(tool, 3, CALL, List.of(new ToolStarted(3, "c1", "publish"), observed)))
                .isEqualTo(new CallDecision.AlreadyObserved(observed));
        Plan plan = new Plan(3, "c1", List.of());
        assertThat(ToolPolicy.decide(tool, 3, CALL, List.of(plan))).isEqualTo(new CallDecision.AlreadyObserved(plan));
    }

    private static Tool http(Http.Method method, SideEffects effects, OnUnknownOutcome then) {
        Http http = new Http("https://example.com", method, null, null);
        return new Tool("publish", null, null, null, http, null, null, null, effects, then, null);
    }
}

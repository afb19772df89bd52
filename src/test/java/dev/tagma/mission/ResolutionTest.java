package dev.tagma.mission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagma.api.v1alpha1.AgentPoolSpec;
import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.ToolStarted;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.store.memory.InMemoryStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResolutionTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final UUID POOL = new UUID(0, 1);
    private static final UUID MISSION = new UUID(0, 2);
    private static final ToolStarted PAY = new ToolStarted(1, "c1", "pay");

    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final Resolution resolution = new Resolution(store.steps(), store.missions());

    @BeforeEach
    void aCallIsOpen() {
        store.pools().publish(POOL, "default", "pool", JSON.convertValue(Map.of(), AgentPoolSpec.class), Map.of());
        MissionSpec spec =
                JSON.convertValue(Map.of("goal", "Pay.", "timeout", "5m", "maxIterations", 10), MissionSpec.class);
        store.missions().admit(List.of(new NewMission(MISSION, "default", "m", POOL, spec)));
        long instance = store.instances().register(new Hello(POOL, "pod", 1, "test"), Duration.ofHours(1));
        Binding binding = store.bindings().bind(instance, 1).getFirst();
        ModelReply reply = new ModelReply(
                "", List.of(new ToolCall("c1", "pay", "{}")), "primary", 1, 1, 1, ModelReply.Stop.ToolCalls, List.of());
        store.steps()
                .commit(new Append(
                        binding.claim(),
                        Head.genesis(MISSION),
                        List.of(NewStep.of(reply, new Usage(1, 1, 0, 1, 1, 1)), NewStep.of(PAY, Usage.NONE)),
                        null));
        store.missions().release(binding.claim(), new Release.Park(Reason.OutcomeUnknown, "pay", null));
    }

    @Test
    void thePersonsWordIsTheAnswerAndTheMissionGoesOn() {
        assertThat(resolution.open(row())).containsExactly(PAY);
        assertThat(resolution.resolve(MISSION, PAY, true, "Paid.")).isTrue();
        assertThat(row().reason()).isEqualTo(Reason.Queued);
    }

    @Test
    void aMissionWithAnOpenCallIsNotFreed() {
        assertThat(resolution.free(MISSION)).isFalse();
        assertThat(row().reason()).isEqualTo(Reason.OutcomeUnknown);
    }

    @Test
    void whoDiesBetweenTheWordAndTheQueueLeavesAMissionThatIsFreed() {
        Head head = store.steps().tail(row().id()).steps().getLast().head();
        Observation word = new Observation(1, "c1", "pay", "Paid.", Observation.Result.Ok, 0);
        store.steps().commit(new Append(row().claim(), head, List.of(NewStep.of(word, Usage.TOOL_CALL)), null));
        assertThat(row().reason()).isEqualTo(Reason.OutcomeUnknown);
        assertThat(resolution.free(MISSION)).isTrue();
        assertThat(row().reason()).isEqualTo(Reason.Queued);
        assertThat(resolution.free(MISSION)).as("once").isFalse();
    }

    private MissionRecord row() {
        return store.missions().find(MISSION).orElseThrow();
    }
}

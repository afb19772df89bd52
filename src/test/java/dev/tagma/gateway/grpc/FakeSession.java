package dev.tagma.gateway.grpc;

import dev.tagma.gateway.ReplicaSession;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;

/** A session that is known by its number and performs nothing. */
record FakeSession(long instance) implements ReplicaSession {
    @Override
    public Duration lease() {
        return Duration.ofSeconds(2);
    }

    @Override
    public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ModelAnswer callModel(Claim claim, Head believed, ModelAsk ask) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ToolAnswer callTool(Claim claim, Head believed, long reply, ToolCall call) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ToolDefinition> outsideTools(Claim claim) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CommitResult finish(Claim claim, Head believed, Outcome outcome) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean release(Claim claim, Release release) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean heartbeat(Heartbeat beat) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void detach() {}

    @Override
    public void broken() {}

    @Override
    public boolean current() {
        return true;
    }

    @Override
    public void close() {}
}

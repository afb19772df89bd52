package dev.tagma.agent;

import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.StoreUnavailableException;
import dev.tagma.mission.link.GatewaySession;
import dev.tagma.mission.link.Heartbeat;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A session over missions in memory. The store can be away, before a request arrives or before its answer does. */
public class FakeGatewaySession implements GatewaySession {
    private final Map<Long, FakeMission> missions = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    public FakeGatewaySession(FakeMission... all) {
        for (FakeMission mission : all) {
            add(mission);
        }
    }

    public final void add(FakeMission mission) {
        missions.put(mission.claim().mission(), mission);
    }

    public final FakeMission mission(Claim claim) {
        return missions.get(claim.mission());
    }

    /** The next {@code count} requests find the store away. */
    public final void refuse(int count) {
        refused.set(count);
    }

    /** The next {@code count} requests are done, but their answers are lost. */
    public final void loseAnswers(int count) {
        lostAnswers.set(count);
    }

    public final int requests() {
        return requests.get();
    }

    @Override
    public long instance() {
        return 1;
    }

    @Override
    public Duration lease() {
        return Duration.ofSeconds(2);
    }

    @Override
    public CommitResult commit(Claim claim, Head believed, List<StepContent> steps) {
        return answered(() -> mission(claim).commit(claim, believed, steps));
    }

    @Override
    public ModelAnswer callModel(Claim claim, Head believed, ModelAsk ask) {
        return answered(() -> {
            try {
                return mission(claim).ask(claim, ask);
            } catch (InterruptedException e) {
                throw new CancellationException("interrupted");
            }
        });
    }

    @Override
    public ToolAnswer callTool(Claim claim, Head believed, long reply, ToolCall call) {
        return answered(() -> mission(claim).callTool(claim, reply, call));
    }

    @Override
    public List<ToolDefinition> outsideTools(Claim claim) {
        return List.of(new ToolDefinition("outside", "Outside", null));
    }

    @Override
    public CommitResult finish(Claim claim, Head believed, Outcome outcome) {
        return answered(() -> mission(claim).append(claim, List.of(), outcome));
    }

    @Override
    public boolean release(Claim claim, Release release) {
        return answered(() -> mission(claim).release(claim, release));
    }

    @Override
    public boolean heartbeat(Heartbeat beat) {
        return true;
    }

    @Override
    public void close() {
        missions.clear();
    }

    private <T> T answered(java.util.function.Supplier<T> request) {
        requests.incrementAndGet();
        if (refused.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StoreUnavailableException("away", null);
        }
        T answer = request.get();
        if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new StoreUnavailableException("the answer was lost", null);
        }
        return answer;
    }
}

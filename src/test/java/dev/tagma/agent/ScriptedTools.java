package dev.tagma.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.Observation.Result;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Tools that do what a test says, and count their calls. The tool {@code outside} is the gateway's. */
public final class ScriptedTools implements AgentTools, AgentTools.Source {
    private final Map<String, Action> actions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> executions = new ConcurrentHashMap<>();
    private Duration timeout = Duration.ofSeconds(60);
    private boolean anyOutside;

    /** What a tool does. */
    @FunctionalInterface
    public interface Action {
        String run(ToolCall call) throws Exception;
    }

    public ScriptedTools() {
        tool("echo", ToolCall::arguments);
    }

    public ScriptedTools tool(String name, Action action) {
        actions.put(name, action);
        return this;
    }

    public ScriptedTools timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    public ScriptedTools withOutside() {
        anyOutside = true;
        return this;
    }

    /** How often each call, by its id, was executed. */
    public Map<String, AtomicInteger> executions() {
        return executions;
    }

    @Override
    public AgentTools of(PoolRevision pool, String agent) {
        return this;
    }

    @Override
    public List<ToolDefinition> definitions() {
        return actions.keySet().stream()
                .sorted()
                .map(name -> new ToolDefinition(name, name, JsonNodeFactory.instance.objectNode()))
                .toList();
    }

    @Override
    public boolean anyOutside() {
        return anyOutside;
    }

    @Override
    public boolean isOutside(String tool) {
        return anyOutside && tool.equals("outside");
    }

    @Override
    public Duration timeout(String tool) {
        return timeout;
    }

    @Override
    public StepContent call(long reply, ToolCall call) throws Exception {
        Action action = actions.get(call.tool());
        if (action == null) {
            return new Observation(reply, call.id(), call.tool(), "no such tool", Result.Error, 0);
        }
        executions
                .computeIfAbsent(reply + "/" + call.id(), id -> new AtomicInteger())
                .incrementAndGet();
        if (call.tool().equals("plan")) {
            return new StepContent.Plan(
                    reply,
                    call.id(),
                    List.of(new StepContent.Plan.Item(action.run(call), StepContent.Plan.State.Pending)));
        }
        return new Observation(reply, call.id(), call.tool(), action.run(call), Result.Ok, 0);
    }
}

package dev.tagma.agent.tool;

import dev.tagma.agent.AgentTools;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Agent;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tools of one agent: those that run here, and the names of those that the gateway calls. Thread-safe. */
public final class Toolbox implements AgentTools {
    private final Map<String, Tool> specs;
    private final Map<String, Bound> local;

    private record Bound(LocalTool tool, ArgumentSchema schema) {}

    private Toolbox(Map<String, Tool> specs, Map<String, Bound> local) {
        this.specs = specs;
        this.local = local;
    }

    /**
     * The tools of {@code agent}; null means the pool's only one. Throws IllegalArgumentException, which names the field, where the
     * agent or one of its tools is not there or cannot work.
     */
    public static Toolbox of(PoolRevision revision, String agent, LookupTables tables) {
        Map<String, Tool> specs = new LinkedHashMap<>();
        Map<String, Bound> local = new LinkedHashMap<>();
        for (String name : orEmpty(agent(revision, agent).tools())) {
            Tool tool = orEmpty(revision.spec().tools()).stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "agent names the tool " + name + ", which is not under spec.tools of pool "
                                    + revision.namespace() + "/" + revision.name()));
            specs.put(name, tool);
            if (!ToolPolicy.outside(tool)) {
                LocalTool built = build(tool, revision, tables);
                local.put(
                        name,
                        new Bound(built, ArgumentSchema.of(built.definition().parameters())));
            }
        }
        return new Toolbox(specs, local);
    }

    @Override
    public List<ToolDefinition> definitions() {
        return local.values().stream().map(bound -> bound.tool().definition()).toList();
    }

    /** The tools that the gateway calls, in the agent's order. */
    public List<Tool> outside() {
        return specs.values().stream().filter(ToolPolicy::outside).toList();
    }

    /** The agent's tool of that name. */
    public Optional<Tool> find(String name) {
        return Optional.ofNullable(specs.get(name));
    }

    @Override
    public boolean anyOutside() {
        return local.size() < specs.size();
    }

    @Override
    public Duration timeout(String name) {
        Tool tool = specs.get(name);
        return tool == null ? ToolPolicy.DEFAULT_TIMEOUT : ToolPolicy.timeout(tool);
    }

    @Override
    public StepContent call(long reply, ToolCall call) {
        return call(call).step(reply, call);
    }

    @Override
    public boolean isOutside(String name) {
        return specs.containsKey(name) && !local.containsKey(name);
    }

    /** Calls a local tool; whatever is wrong with the call becomes an Error that the model can act on. */
    public ToolOutput call(ToolCall call) {
        Bound bound = local.get(call.tool());
        if (bound == null) {
            return unknown(call.tool());
        }
        return switch (bound.schema().read(call.arguments())) {
            case ArgumentSchema.Arguments.Invalid invalid -> ToolOutput.error(invalid.problem());
            case ArgumentSchema.Arguments.Valid valid -> bound.tool().call(valid.values());
        };
    }

    private ToolOutput unknown(String name) {
        if (specs.containsKey(name)) {
            throw new IllegalArgumentException("the tool " + name + " is called by the gateway");
        }
        String shown = name == null ? "" : name.substring(0, Math.min(name.length(), 64));
        return ToolOutput.error("There is no tool \"" + shown + "\". "
                + (specs.isEmpty() ? "You have no tools." : "Your tools: " + String.join(", ", specs.keySet()) + "."));
    }

    private static Agent agent(PoolRevision revision, String name) {
        List<Agent> agents = orEmpty(revision.spec().agents());
        if (name == null && agents.size() == 1) {
            return agents.getFirst();
        }
        return agents.stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("pool " + revision.namespace() + "/" + revision.name()
                        + " has no agent " + name + "; its agents: "
                        + String.join(", ", agents.stream().map(Agent::name).toList())));
    }

    static LocalTool build(Tool tool, PoolRevision revision, LookupTables tables) {
        if (tool.builtin() != null) {
            return switch (tool.builtin()) {
                case Calculator -> new Calculator(tool.name(), tool.description());
                case Plan -> new PlanTool(tool.name(), tool.description());
            };
        }
        if (tool.formula() != null) {
            return new FormulaTool(tool);
        }
        if (tool.lookup() != null) {
            return new LookupTool(
                    tool.name(),
                    tool.description(),
                    tables.table(revision, tool.lookup().configMapKeyRef()));
        }
        throw new IllegalArgumentException(
                "tool " + tool.name() + ": one of builtin, http, mcp, formula, lookup is required");
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}

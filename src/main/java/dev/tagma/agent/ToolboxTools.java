package dev.tagma.agent;

import dev.tagma.agent.tool.LookupTables;
import dev.tagma.agent.tool.ToolPolicy;
import dev.tagma.agent.tool.Toolbox;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;

/** The declared tools of an agent, as the loop sees them. */
public final class ToolboxTools implements AgentTools {
    private static final Duration UNCUT = Duration.ofDays(1);

    private final Toolbox toolbox;
    private final List<ToolDefinition> definitions;
    private final boolean anyOutside;

    private ToolboxTools(Toolbox toolbox) {
        this.toolbox = toolbox;
        this.definitions = toolbox.definitions();
        this.anyOutside = !toolbox.outside().isEmpty();
    }

    /** The tools as pools declare them; lookup tables are parsed once per revision. */
    public static Source source() {
        LookupTables tables = new LookupTables();
        return (pool, agent) -> new ToolboxTools(Toolbox.of(pool, agent, tables));
    }

    @Override
    public List<ToolDefinition> definitions() {
        return definitions;
    }

    @Override
    public boolean anyOutside() {
        return anyOutside;
    }

    @Override
    public boolean isOutside(String tool) {
        return toolbox.isOutside(tool);
    }

    @Override
    public Duration timeout(String tool) {
        // what the mission has left needs no cut here: its deadline ends every wait
        return toolbox.find(tool).map(spec -> ToolPolicy.timeout(spec, UNCUT)).orElse(ToolPolicy.DEFAULT_TIMEOUT);
    }

    @Override
    public StepContent call(long reply, ToolCall call) {
        return toolbox.call(call).step(reply, call);
    }
}

package dev.tagma.agent;

import dev.tagma.mission.PoolRevision;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;

/** The tools of one agent, as the loop sees them. Thread-safe. */
public interface AgentTools {
    /** The definitions of those that run here. */
    List<ToolDefinition> definitions();

    /** Whether the gateway calls some of them. */
    boolean anyOutside();

    /** Whether the gateway has to make calls of {@code tool}; false for unknown names. */
    boolean isOutside(String tool);

    /** Longest time of one call of a tool that runs here. */
    Duration timeout(String tool);

    /**
     * Makes a call here, on a thread that is interrupted when its time is up, and answers the step that records it: an observation, or a
     * plan. A call that a crash interrupted is made again, so it changes nothing outside. What it throws becomes an error observation.
     */
    StepContent call(long reply, ToolCall call) throws Exception;

    /** Where the loop gets them from. */
    @FunctionalInterface
    interface Source {
        /**
         * The tools of {@code agent}; null is the pool's only agent. Asked once per revision and agent. Throws IllegalArgumentException
         * where one cannot be built as declared.
         */
        AgentTools of(PoolRevision pool, String agent);
    }
}

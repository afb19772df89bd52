package dev.tagma.agent.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.step.ToolDefinition;

/** A tool that runs in the runtime's own process: pure, bounded in time and memory, thread-safe. */
interface LocalTool {
    /** How the model is told of it. */
    ToolDefinition definition();

    /** The answer to arguments that satisfy the definition's schema. Bad values are an Error output, never an exception. */
    ToolOutput call(ObjectNode arguments);
}

package dev.tagma.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;

/** A tool that runs in the runtime's process and changes nothing outside it: a crash may run it again. Thread-safe. */
public interface LocalTool {
    /** How models are told of it. */
    ToolDefinition definition();

    /** Longest time of one call; the thread is interrupted then, and abandoned where it does not care. */
    Duration timeout();

    /**
     * Runs one call on a virtual thread of its own. Numbers in {@code arguments} are exact decimals. Whatever it throws becomes an error
     * observation: its message is for the model and says what to do better.
     */
    Result call(ObjectNode arguments) throws Exception;

    /** What a call returned. */
    sealed interface Result {
        /** Text for the model, of any length: the loop cuts it. */
        record Text(String text) implements Result {}

        /** The todo list from now on. */
        record Todo(List<StepContent.Plan.Item> items) implements Result {}
    }
}

package dev.tagma.agent.tool;

import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Observation.Result;
import dev.tagma.mission.step.ToolCall;
import java.util.List;

/** What a tool call brought: text that is already cut to what a model is shown, or a new plan. */
public sealed interface ToolOutput {
    /** It worked. */
    record Ok(Truncation.Text text) implements ToolOutput {}

    /** It did not; the text names what is wrong and the way on. */
    record Error(Truncation.Text text) implements ToolOutput {}

    /** It may or may not have taken effect outside: the connection broke or the time was up after the request had left. */
    record Unknown(Truncation.Text text) implements ToolOutput {}

    /** The todo list as the model wants it from now on. */
    record Plan(List<StepContent.Plan.Item> items) implements ToolOutput {
        public Plan {
            items = List.copyOf(items);
        }
    }

    /** Ok with {@code text}, cut where it is too long. */
    static ToolOutput ok(String text) {
        return new Ok(Truncation.of(text));
    }

    /** Error with {@code text}, cut where it is too long. */
    static ToolOutput error(String text) {
        return new Error(Truncation.of(text));
    }

    /** Unknown with {@code text}, cut where it is too long. */
    static ToolOutput unknown(String text) {
        return new Unknown(Truncation.of(text));
    }

    /** The step that records this as the outcome of {@code call}, asked for by the reply with seq {@code reply}. */
    default StepContent step(long reply, ToolCall call) {
        return switch (this) {
            case Ok ok -> observation(reply, call, ok.text(), Result.Ok);
            case Error error -> observation(reply, call, error.text(), Result.Error);
            case Unknown unknown -> observation(reply, call, unknown.text(), Result.Unknown);
            case Plan plan -> new StepContent.Plan(reply, call.id(), plan.items());
        };
    }

    private static StepContent observation(long reply, ToolCall call, Truncation.Text text, Result result) {
        return new StepContent.Observation(reply, call.id(), call.tool(), text.shown(), result, text.truncatedFrom());
    }
}

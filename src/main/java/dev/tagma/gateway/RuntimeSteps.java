package dev.tagma.gateway;

import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepContent;

/** What a runtime may send as its own: observations of local tools, plans, feedback; their usage is counted here, not there. */
final class RuntimeSteps {
    private RuntimeSteps() {}

    /** What the step adds to the mission's usage. Throws IllegalArgumentException for a step that only a gateway performs. */
    static Usage usage(StepContent content) {
        return switch (content) {
            case StepContent.Observation o -> Usage.TOOL_CALL;
            case StepContent.Plan p -> Usage.TOOL_CALL;
            case StepContent.Feedback f -> Usage.NONE;
            case StepContent.ModelReply r -> throw refused("ModelReply");
            case StepContent.ToolStarted s -> throw refused("ToolStarted");
        };
    }

    /** The call that the step answers, or the empty string, which is no call's id. */
    static String callId(StepContent content) {
        return switch (content) {
            case StepContent.Observation o -> o.callId();
            case StepContent.Plan p -> p.callId();
            case StepContent.Feedback f -> "";
            case StepContent.ModelReply r -> "";
            case StepContent.ToolStarted s -> "";
        };
    }

    static IllegalArgumentException refused(String kind) {
        return new IllegalArgumentException(
                "a runtime may not commit a " + kind + ": its gateway performs and commits it");
    }
}

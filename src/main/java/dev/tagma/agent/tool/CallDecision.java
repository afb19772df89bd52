package dev.tagma.agent.tool;

import dev.tagma.mission.step.StepContent;

/** What to do about a tool call that a committed reply asked for. */
public sealed interface CallDecision {
    /**
     * Make it, under its idempotency key.
     *
     * @param announce commit a ToolStarted step immediately before, because this call must never start twice
     */
    record Run(boolean announce) implements CallDecision {}

    /** It was made, and this is what was committed. */
    record AlreadyObserved(StepContent observation) implements CallDecision {}

    /** It may have happened; commit this and go on. */
    record ReportUnknown(ToolOutput output) implements CallDecision {}

    /** It may have happened; the mission waits for a person. */
    record AwaitPerson(String detail) implements CallDecision {}
}

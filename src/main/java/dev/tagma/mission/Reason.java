package dev.tagma.mission;

/** Why a mission is in its phase: the closed list, each reason belonging to one phase. */
public enum Reason {
    Admitting(Phase.Pending),
    PoolNotFound(Phase.Pending),
    PoolNotPermitted(Phase.Pending),
    PoolNotReady(Phase.Pending),
    AgentNotFound(Phase.Pending),
    InputsNotFound(Phase.Pending),
    QueueFull(Phase.Pending),
    UnknownField(Phase.Pending),
    Queued(Phase.Queued),
    RuntimeLost(Phase.Queued),
    HandedBack(Phase.Queued),
    Retrying(Phase.Queued),
    Running(Phase.Running),
    Suspended(Phase.Waiting),
    OutcomeUnknown(Phase.Waiting),
    ProviderUnavailable(Phase.Waiting),
    StoreUnavailable(Phase.Waiting),
    Succeeded(Phase.Succeeded),
    CancelRequested(Phase.Cancelled),
    DeadlineExceeded(Phase.Failed),
    StartDeadlineExceeded(Phase.Failed),
    BudgetExceeded(Phase.Failed),
    IterationsExceeded(Phase.Failed),
    LimitsExceeded(Phase.Failed),
    OutputInvalid(Phase.Failed),
    ContentRefused(Phase.Failed),
    ModelFailed(Phase.Failed),
    ToolFailed(Phase.Failed),
    InputsTooLarge(Phase.Failed),
    InvalidSpec(Phase.Failed),
    CrashLoop(Phase.Failed),
    RunLost(Phase.Failed),
    InternalError(Phase.Failed);

    private final Phase phase;

    Reason(Phase phase) {
        this.phase = phase;
    }

    /** The one phase this reason explains. */
    public Phase phase() {
        return phase;
    }

    /** Whether only a person's word ends the waiting. */
    public boolean awaitsPerson() {
        return this == Suspended || this == OutcomeUnknown;
    }

    /**
     * Whether {@code spec.retry} applies to a failure of this reason: trouble of the moment is retried; limits, refusals and bad
     * specifications would only fail again.
     */
    public boolean retriable() {
        return this == ModelFailed || this == ToolFailed || this == InternalError || this == OutputInvalid;
    }
}

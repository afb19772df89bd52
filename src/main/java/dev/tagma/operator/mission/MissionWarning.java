package dev.tagma.operator.mission;

import dev.tagma.mission.Reason;
import java.util.Optional;

/** What is warned of: the closed list. */
public enum MissionWarning {
    /** Something that the mission refers to is missing or not permitted. */
    Unresolved("Resolve"),
    /** The pool's queue is full. */
    QueueFull("Admit"),
    /** Its runtime was lost, and it goes on elsewhere. */
    RuntimeLost("Run"),
    /** It failed for the moment and is tried again. */
    Retrying("Run"),
    /** No model, or no store, answers. */
    Unavailable("Run"),
    /** A person must say what became of a call. */
    OutcomeUnknown("Run"),
    /** It failed for good. */
    Failed("Run");

    private final String action;

    MissionWarning(String action) {
        this.action = action;
    }

    /** What the operator, or the mission, was doing. */
    public String action() {
        return action;
    }

    /** What is warned of when a mission gets this reason; what goes well, or what somebody asked for, needs no warning. */
    static Optional<MissionWarning> of(Reason reason) {
        return Optional.ofNullable(
                switch (reason) {
                    case PoolNotFound, PoolNotPermitted, PoolNotReady, AgentNotFound, InputsNotFound -> Unresolved;
                    case QueueFull -> QueueFull;
                    case RuntimeLost -> RuntimeLost;
                    case Retrying -> Retrying;
                    case ProviderUnavailable, StoreUnavailable -> Unavailable;
                    case OutcomeUnknown -> OutcomeUnknown;
                    case DeadlineExceeded,
                            StartDeadlineExceeded,
                            BudgetExceeded,
                            IterationsExceeded,
                            LimitsExceeded,
                            OutputInvalid,
                            ContentRefused,
                            ModelFailed,
                            ToolFailed,
                            InputsTooLarge,
                            InvalidSpec,
                            CrashLoop,
                            RunLost,
                            InternalError -> Failed;
                    case Admitting, Queued, HandedBack, Running, Suspended, Succeeded, CancelRequested -> null;
                });
    }
}

package dev.tagma.operator.mission;

import dev.tagma.api.v1alpha1.Mission;
import dev.tagma.mission.Reason;
import dev.tagma.operator.Events;
import dev.tagma.operator.Happening;

/** Tells of what goes wrong with missions. What goes well, or what somebody asked for, is in the status: a fleet's Events would fill etcd. */
final class MissionAnnouncements {
    private MissionAnnouncements() {}

    /** The mission has got this reason now. */
    static void announce(Events events, Mission mission, Reason reason, String message) {
        Happening happening = happening(reason);
        if (happening != null) {
            events.say(mission, happening, reason + ": " + message);
        }
    }

    /** What a reason is an Event of, or null. */
    static Happening happening(Reason reason) {
        return switch (reason) {
            case PoolNotFound, PoolNotPermitted, PoolNotReady, AgentNotFound, InputsNotFound ->
                Happening.ReferenceBroken;
            case QueueFull -> Happening.QueueFull;
            case RuntimeLost -> Happening.RuntimeLost;
            case Retrying -> Happening.Retrying;
            case ProviderUnavailable, StoreUnavailable -> Happening.ServiceUnavailable;
            case OutcomeUnknown -> Happening.OutcomeUnknown;
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
                    InternalError -> Happening.MissionFailed;
            case Admitting, UnknownField, Queued, HandedBack, Running, Suspended, Succeeded, CancelRequested -> null;
        };
    }
}

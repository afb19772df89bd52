package dev.tagma.agent.tool;

import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.Http;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.OnUnknownOutcome;
import dev.tagma.api.v1alpha1.AgentPoolSpec.Tool.SideEffects;
import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.mission.Digest;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What the fields of a tool mean where they are not set, and what follows from its side effects. */
public final class ToolPolicy {
    /** Longest time for one call unless the tool says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    private ToolPolicy() {}

    /** Whether the tool is called outside the runtime, by the gateway. */
    public static boolean outside(Tool tool) {
        return tool.http() != null || tool.mcp() != null;
    }

    /** What a second call would do to the world. */
    public static SideEffects sideEffects(Tool tool) {
        if (tool.sideEffects() != null) {
            return tool.sideEffects();
        }
        if (tool.mcp() != null) {
            return SideEffects.NonIdempotent;
        }
        return tool.http() == null || safe(tool.http().method()) ? SideEffects.None : SideEffects.NonIdempotent;
    }

    private static boolean safe(Http.Method method) {
        return method == null || method == Http.Method.GET || method == Http.Method.HEAD;
    }

    /** The time for one call. */
    public static Duration timeout(Tool tool) {
        return Durations.parseOr(tool.timeout(), DEFAULT_TIMEOUT);
    }

    /** The time for one call, cut to what the mission has left. */
    public static Duration timeout(Tool tool, Duration timeLeft) {
        Duration own = timeout(tool);
        return own.compareTo(timeLeft) < 0 ? own : timeLeft;
    }

    /**
     * The key under which a call is made, and made again: equal for every attempt at the same call of the same reply, different
     * where the reply was lost and another took its place.
     */
    public static String idempotencyKey(UUID mission, Digest reply, String callId) {
        return mission + "/" + reply.hex() + "/" + callId;
    }

    /**
     * What to do about a call, given what was committed since its reply.
     *
     * @param reply seq of the reply that asked for it
     * @param since the steps after that reply, in order, of the whole chain
     */
    public static CallDecision decide(Tool tool, long reply, ToolCall call, List<StepContent> since) {
        boolean started = false;
        for (StepContent step : since) {
            switch (step) {
                case StepContent.Observation o
                when o.reply() == reply && o.callId().equals(call.id()) -> {
                    return new CallDecision.AlreadyObserved(o);
                }
                case StepContent.Plan p
                when p.reply() == reply && p.callId().equals(call.id()) -> {
                    return new CallDecision.AlreadyObserved(p);
                }
                case StepContent.ToolStarted s
                when s.reply() == reply && s.callId().equals(call.id()) -> started = true;
                case StepContent.Observation o -> {}
                case StepContent.Plan p -> {}
                case StepContent.ToolStarted s -> {}
                case StepContent.ModelReply r -> {}
                case StepContent.Feedback f -> {}
            }
        }
        return switch (sideEffects(tool)) {
            case None, Idempotent -> new CallDecision.Run(false);
            case NonIdempotent -> started ? unknown(tool) : new CallDecision.Run(true);
        };
    }

    private static CallDecision unknown(Tool tool) {
        OnUnknownOutcome then = tool.onUnknownOutcome() == null ? OnUnknownOutcome.Report : tool.onUnknownOutcome();
        return switch (then) {
            case Report ->
                new CallDecision.ReportUnknown(
                        ToolOutput.unknown(
                                "Outcome unknown: the call of " + tool.name()
                                        + " was started, and its answer was never stored. It may or may not "
                                        + "have taken effect, and is not repeated. Find out with another tool, or say so in the answer."));
            case Wait ->
                new CallDecision.AwaitPerson("the call of " + tool.name()
                        + " was started and its outcome is unknown; the tool says that a person decides");
        };
    }
}

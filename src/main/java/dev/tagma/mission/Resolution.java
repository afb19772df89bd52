package dev.tagma.mission;

import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.ToolStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A person's word on calls whose outcome a crash left unknown: it becomes the call's observation, and the mission goes on. */
public final class Resolution {
    private final StepLog steps;
    private final MissionStore missions;

    public Resolution(StepLog steps, MissionStore missions) {
        this.steps = steps;
        this.missions = missions;
    }

    /** The calls of the last reply that were started and never observed, in the order of their start. */
    public List<ToolStarted> open(MissionRecord mission) {
        List<ToolStarted> open = new ArrayList<>();
        for (Step step : steps.tail(mission.id()).steps()) {
            switch (StepCodec.decode(step.kind(), step.content())) {
                case ModelReply reply -> open.clear();
                case ToolStarted started -> open.add(started);
                case Observation observed -> open.removeIf(call -> call.callId().equals(observed.callId()));
                case StepContent.Plan plan -> {}
                case StepContent.Feedback feedback -> {}
            }
        }
        return open;
    }

    /**
     * Records what a person found out about {@code call}, as the tool's answer to the model. The mission goes back to the queue once no
     * call is open. False where the mission does not wait for an outcome, or did no longer when the word was to be stored.
     *
     * @param happened whether the call took effect
     * @param word for the model, at most 10 KiB
     */
    public boolean resolve(UUID uid, ToolStarted call, boolean happened, String word) {
        MissionRecord mission = missions.find(uid).orElse(null);
        if (mission == null
                || mission.reason() != Reason.OutcomeUnknown
                || !open(mission).contains(call)) {
            return false;
        }
        Observation observation = new Observation(
                call.reply(),
                call.callId(),
                call.tool(),
                word,
                happened ? Observation.Result.Ok : Observation.Result.Error,
                0);
        Head head = steps.tail(mission.id()).steps().getLast().head();
        CommitResult result = steps.commit(
                new Append(mission.claim(), head, List.of(NewStep.of(observation, Usage.TOOL_CALL)), null));
        if (!(result instanceof Committed)) {
            return false;
        }
        free(uid);
        return true;
    }

    /**
     * Puts a mission back into the queue of which every call is resolved: who resolved the last one may have died before it could. False
     * where the mission does not wait for an outcome, or a call is open.
     */
    public boolean free(UUID uid) {
        return missions.find(uid)
                .filter(mission -> mission.reason() == Reason.OutcomeUnknown)
                .filter(mission -> open(mission).isEmpty())
                .map(mission -> missions.resume(uid))
                .orElse(false);
    }
}

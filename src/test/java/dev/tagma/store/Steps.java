package dev.tagma.store;

import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Plan.Item;
import dev.tagma.mission.step.StepContent.Plan.State;
import java.util.List;

/** Steps and appends that tests are made of. */
final class Steps {
    static final Usage REPLY_USAGE = new Usage(1, 1, 0, 100, 10, 1_000);

    private Steps() {}

    static NewStep reply(String text) {
        return NewStep.of(
                new StepContent.ModelReply(
                        text, List.of(), "primary", 100, 10, 1_000, StepContent.ModelReply.Stop.Answer, List.of()),
                REPLY_USAGE);
    }

    static NewStep observation(String output) {
        return NewStep.of(
                new StepContent.Observation(1, "c", "calculator", output, StepContent.Observation.Result.Ok, 0),
                Usage.TOOL_CALL);
    }

    static NewStep plan(String todo) {
        return NewStep.of(new StepContent.Plan(1, "p", List.of(new Item(todo, State.Pending))), Usage.TOOL_CALL);
    }

    static Append append(Claim claim, Head base, NewStep... steps) {
        return new Append(claim, base, List.of(steps), null);
    }

    static Append first(Claim claim, NewStep... steps) {
        return append(claim, Head.genesis(claim.uid()), steps);
    }

    static Append ending(Claim claim, Head base, Outcome outcome, NewStep... steps) {
        return new Append(claim, base, List.of(steps), outcome);
    }
}

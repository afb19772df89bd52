package dev.tagma.gateway;

import dev.tagma.mission.Head;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Feedback;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.ToolCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A mission since its last reply: what the reply asked for, and what was committed upon it. A runtime does what replies ask for and nothing
 * else, so whoever takes one over gets neither a call that no model made nor a log without end. Confined to its ledger's lock.
 */
final class Turn {
    /** The loop tells a model at most one thing of each topic about a reply, of which there are 4. */
    static final int MAX_FEEDBACK = 16;

    private final List<Head> heads = new ArrayList<>(4);
    private final List<StepContent> since = new ArrayList<>(4);
    private Head reply;
    private List<ToolCall> calls = List.of();
    private boolean afterWrapUp;
    private long replies;

    /** {@code replies} of the mission so far. */
    void replies(long before) {
        replies = before;
    }

    /** The next step. */
    void add(Head at, StepContent content) {
        if (content instanceof StepContent.ModelReply asked) {
            afterWrapUp = told(Topic.WrapUp);
            reply = at;
            calls = asked.toolCalls();
            replies++;
            heads.clear();
            since.clear();
        } else {
            since.add(content);
        }
        heads.add(at);
    }

    /** The next step, which cannot be read here. */
    void add(Head at) {
        heads.add(at);
    }

    /** Where the last reply stands; null before the first. */
    Head reply() {
        return reply;
    }

    /** How many replies the mission had. */
    long replies() {
        return replies;
    }

    /** What was committed since the last reply, in order. */
    List<StepContent> since() {
        return List.copyOf(since);
    }

    /** Whether this head is the reply's, or of what was committed since. */
    boolean has(Head head) {
        return heads.contains(head);
    }

    /** The call of the last reply with this id. */
    Optional<ToolCall> call(String id) {
        return calls.stream().filter(call -> call.id().equals(id)).findFirst();
    }

    /** Whether the one last question beyond the budget may be asked now: the model was told, and it was not asked before. */
    boolean wrapsUp() {
        return told(Topic.WrapUp) && !afterWrapUp;
    }

    private boolean told(Topic topic) {
        return since.stream().anyMatch(step -> step instanceof Feedback told && told.topic() == topic);
    }

    boolean observed(String callId) {
        return since.stream()
                .anyMatch(step -> !callId.isEmpty() && RuntimeSteps.callId(step).equals(callId));
    }

    /** Throws IllegalArgumentException where a runtime has no reason for these; {@code outside} are the tools that a gateway calls. */
    void check(List<StepContent> steps, Predicate<String> outside) {
        Set<String> answered = new HashSet<>();
        long feedback = since.stream().filter(Feedback.class::isInstance).count();
        for (StepContent step : steps) {
            switch (step) {
                case StepContent.Observation o -> checkCall(o.reply(), o.callId(), outside);
                case StepContent.Plan p -> checkCall(p.reply(), p.callId(), outside);
                case Feedback f -> feedback++;
                case StepContent.ModelReply r -> throw RuntimeSteps.refused("ModelReply");
                case StepContent.ToolStarted s -> throw RuntimeSteps.refused("ToolStarted");
            }
            if (!(step instanceof Feedback) && !answered.add(RuntimeSteps.callId(step))) {
                throw new IllegalArgumentException("steps: two answer the call \"" + RuntimeSteps.callId(step) + "\"");
            }
        }
        if (feedback > MAX_FEEDBACK) {
            throw new IllegalArgumentException(
                    "steps: more than " + MAX_FEEDBACK + " of feedback since the last reply");
        }
    }

    private void checkCall(long asking, String callId, Predicate<String> outside) {
        if (reply == null || asking != reply.seq()) {
            throw new IllegalArgumentException(
                    "steps: one answers reply " + asking + ", which is not the last: " + reply);
        }
        ToolCall call = call(callId)
                .orElseThrow(() -> new IllegalArgumentException(
                        "steps: one answers the call \"" + callId + "\", for which the last reply did not ask"));
        if (outside.test(call.tool())) {
            throw new IllegalArgumentException("steps: one answers a call of " + call.tool()
                    + ", which a gateway performs and commits: use CallTool");
        }
    }
}

package dev.tagma.agent;

import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.Feedback.Topic;
import dev.tagma.mission.step.ToolCall;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far a mission has come, and its next move, which follows from the committed steps alone: a new owner that reads them goes on
 * exactly where the last one stopped.
 */
final class Progress {
    /** Equal replies in a row after which the model is told. */
    static final int REPETITIONS_TOLD = 3;
    /** Equal replies in a row after which the mission fails. */
    static final int REPETITIONS_MOST = 5;
    /** Answers in a row that do not fit, after which the mission fails; a whole-mission retry allows one more. */
    static final int UNFIT_MOST = 3;

    private final ProgressLimits limits;
    private final AnswerJudge judge;
    private final Set<String> observed = new HashSet<>(4);
    private final EnumSet<Topic> told = EnumSet.noneOf(Topic.class);
    private long iterations;
    private long replySeq;
    private StepContent.ModelReply reply;
    private boolean wrappedUp;
    private int repetitions;
    private int unfit;
    private String problem;

    /** {@code iterations} counts the replies of the whole history, also those that {@link #add} is not told of. */
    Progress(ProgressLimits limits, AnswerJudge judge, long iterations) {
        this.limits = limits;
        this.judge = judge;
        this.iterations = iterations;
    }

    /** What to do next. */
    sealed interface Move {
        /** Run the calls of the reply with that seq that are not observed yet. */
        record Run(long reply, List<ToolCall> calls) implements Move {}

        /** Commit what the model has to be told. */
        record Tell(StepContent.Feedback feedback) implements Move {}

        /** Ask the model; {@code wrapUp} is the last question, without tools. */
        record Ask(boolean wrapUp) implements Move {}

        /** The mission is over. */
        record End(Outcome outcome) implements Move {}
    }

    /** A reply that was committed just now; {@code unfit} is what its gateway found wrong with it, or null. */
    void replied(long seq, StepContent.ModelReply content, String unfit) {
        iterations++;
        add(seq, content);
        problem = unfit;
    }

    /** The next step of the history. */
    void add(long seq, StepContent content) {
        switch (content) {
            case StepContent.ModelReply r -> take(seq, r);
            case StepContent.Observation o -> observe(o.reply(), o.callId());
            case StepContent.Plan p -> observe(p.reply(), p.callId());
            case StepContent.Feedback f -> tell(f);
            case StepContent.ToolStarted s -> {}
        }
    }

    /** The next move. */
    Move next() {
        if (reply == null) {
            return ask();
        }
        if (reply.stop() == StepContent.ModelReply.Stop.Refused) {
            return fail(Reason.ContentRefused, "the model refused: " + shortened(reply.text()));
        }
        if (wrappedUp) {
            return afterWrapUp();
        }
        return reply.toolCalls().isEmpty() ? afterAnswer() : afterCalls();
    }

    private void take(long seq, StepContent.ModelReply next) {
        boolean calls = !next.toolCalls().isEmpty();
        repetitions = calls && reply != null && sameCalls(reply.toolCalls(), next.toolCalls()) ? repetitions + 1 : 1;
        unfit = calls ? 0 : unfit;
        wrappedUp = told.contains(Topic.WrapUp);
        replySeq = seq;
        reply = next;
        problem = null;
        observed.clear();
        told.clear();
    }

    private void observe(long asked, String callId) {
        if (asked == replySeq) {
            observed.add(callId);
        }
    }

    private void tell(StepContent.Feedback feedback) {
        told.add(feedback.topic());
        boolean aboutAnswer = feedback.topic() == Topic.OutputInvalid || feedback.topic() == Topic.ReplyInvalid;
        if (aboutAnswer && reply != null && reply.toolCalls().isEmpty()) {
            unfit++;
            problem = feedback.text();
        }
    }

    private Move afterCalls() {
        if (repetitions >= REPETITIONS_MOST) {
            return fail(
                    Reason.LimitsExceeded,
                    "the model asked for the same calls " + repetitions + " times in a row: "
                            + shortened(reply.toolCalls().getFirst().tool()));
        }
        List<ToolCall> open = reply.toolCalls().stream()
                .limit(Conversation.MAX_CALLS)
                .filter(call -> !observed.contains(call.id()))
                .toList();
        if (!open.isEmpty()) {
            // nobody would read what these calls return
            return iterations >= limits.maxIterations() ? ask() : new Move.Run(replySeq, open);
        }
        int asked = reply.toolCalls().size();
        if (asked > Conversation.MAX_CALLS && !told.contains(Topic.ReplyInvalid)) {
            return tell(
                    Topic.ReplyInvalid,
                    "You asked for " + asked + " calls at once. Only the first " + Conversation.MAX_CALLS
                            + " were made: ask for the others again where you still need them.");
        }
        if (repetitions >= REPETITIONS_TOLD && !told.contains(Topic.Repetition)) {
            return tell(
                    Topic.Repetition,
                    "You asked for the same calls with the same arguments " + repetitions
                            + " times in a row, and the results do not change. Do something else, or give the final answer.");
        }
        return ask();
    }

    private Move afterAnswer() {
        if (told.contains(Topic.OutputInvalid) || told.contains(Topic.ReplyInvalid)) {
            return unfit >= UNFIT_MOST + limits.attempts()
                    ? fail(
                            Reason.OutputInvalid,
                            unfit + " answers in a row did not fit; the last: " + shortened(problem))
                    : ask();
        }
        if (problem != null) {
            return unfit(problem);
        }
        return switch (judge.judge(limits.outputSchema(), reply)) {
            case AnswerJudge.Verdict.Answer answer ->
                new Move.End(Outcome.succeeded(answer.summary(), answer.output()));
            case AnswerJudge.Verdict.Unfit verdict -> unfit(verdict.problem());
        };
    }

    private Move unfit(String problem) {
        boolean incomplete = reply.text().isBlank() || reply.stop() == StepContent.ModelReply.Stop.Length;
        return tell(incomplete ? Topic.ReplyInvalid : Topic.OutputInvalid, problem);
    }

    private Move afterWrapUp() {
        if (reply.toolCalls().isEmpty()
                && judge.judge(limits.outputSchema(), reply) instanceof AnswerJudge.Verdict.Answer answer) {
            return new Move.End(Outcome.succeeded(answer.summary(), answer.output()));
        }
        return fail(Reason.BudgetExceeded, "the budget is spent, and the last reply was no answer");
    }

    private Move ask() {
        if (told.contains(Topic.WrapUp)) {
            return new Move.Ask(true);
        }
        return iterations >= limits.maxIterations()
                ? fail(Reason.IterationsExceeded, "no answer after " + iterations + " model replies")
                : new Move.Ask(false);
    }

    private static Move tell(Topic topic, String text) {
        return new Move.Tell(new StepContent.Feedback(topic, text));
    }

    private static Move fail(Reason reason, String message) {
        return new Move.End(Outcome.failed(reason, message));
    }

    private static boolean sameCalls(List<ToolCall> before, List<ToolCall> now) {
        if (before.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            ToolCall a = before.get(i);
            ToolCall b = now.get(i);
            if (!a.tool().equals(b.tool()) || !a.arguments().equals(b.arguments())) {
                return false;
            }
        }
        return true;
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}

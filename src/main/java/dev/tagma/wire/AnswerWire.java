package dev.tagma.wire;

import dev.tagma.mission.CommitResult;
import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ToolAnswer;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.wire.v1alpha1.CallModelResponse;
import dev.tagma.wire.v1alpha1.CallToolResponse;
import dev.tagma.wire.v1alpha1.CommitResponse;
import dev.tagma.wire.v1alpha1.Lost;

/** Answers to a runtime on the wire. */
public final class AnswerWire {
    private AnswerWire() {}

    /** The result's message. */
    public static CommitResponse encode(CommitResult result) {
        CommitResponse.Builder message = CommitResponse.newBuilder();
        switch (result) {
            case CommitResult.Committed committed -> message.setCommitted(StepWire.encode(committed.head()));
            case CommitResult.Fenced fenced -> message.setFenced(fenced.currentEpoch());
            case CommitResult.Behind behind -> message.setBehind(StepWire.encode(behind.store()));
            case CommitResult.Fork fork -> message.setFork(StepWire.encode(fork.store()));
        }
        return message.build();
    }

    /** The result in the message. */
    public static CommitResult decode(CommitResponse message) {
        return switch (message.getResultCase()) {
            case COMMITTED -> new CommitResult.Committed(StepWire.decode(message.getCommitted()));
            case FENCED -> new CommitResult.Fenced(message.getFenced());
            case BEHIND -> new CommitResult.Behind(StepWire.decode(message.getBehind()));
            case FORK -> new CommitResult.Fork(StepWire.decode(message.getFork()));
            case RESULT_NOT_SET -> throw unknown("commit");
        };
    }

    /** The answer's message. */
    public static CallModelResponse encode(ModelAnswer answer) {
        CallModelResponse.Builder message = CallModelResponse.newBuilder();
        switch (answer) {
            case ModelAnswer.Replied replied ->
                message.getRepliedBuilder()
                        .setReply(StepWire.encode(replied.reply()))
                        .setHead(StepWire.encode(replied.head()));
            case ModelAnswer.Finished finished ->
                message.getFinishedBuilder()
                        .setReply(StepWire.encode(finished.reply()))
                        .setOutcome(EndWire.encode(finished.outcome()));
            case ModelAnswer.Unfit unfit ->
                message.getUnfitBuilder()
                        .setReply(StepWire.encode(unfit.reply()))
                        .setHead(StepWire.encode(unfit.head()))
                        .setProblem(unfit.problem());
            case ModelAnswer.OverBudget over -> message.setOverBudget(over.detail());
            case ModelAnswer.Unavailable away ->
                message.getUnavailableBuilder().setDetail(away.detail()).setRetryAfterMillis(away.retryAfterMillis());
            case ModelAnswer.Failed failed ->
                message.getFailedBuilder().setReason(failed.reason().name()).setDetail(failed.detail());
            case ModelAnswer.Lost lost -> message.setLost(Lost.getDefaultInstance());
        }
        return message.build();
    }

    /** The answer in the message. */
    public static ModelAnswer decode(CallModelResponse message) {
        return switch (message.getAnswerCase()) {
            case REPLIED -> {
                var replied = message.getReplied();
                yield new ModelAnswer.Replied(
                        StepWire.decode(replied.getReply(), ModelReply.class), StepWire.decode(replied.getHead()));
            }
            case FINISHED -> {
                var finished = message.getFinished();
                yield new ModelAnswer.Finished(
                        StepWire.decode(finished.getReply(), ModelReply.class), EndWire.decode(finished.getOutcome()));
            }
            case UNFIT -> {
                var unfit = message.getUnfit();
                yield new ModelAnswer.Unfit(
                        StepWire.decode(unfit.getReply(), ModelReply.class),
                        StepWire.decode(unfit.getHead()),
                        unfit.getProblem());
            }
            case OVER_BUDGET -> new ModelAnswer.OverBudget(message.getOverBudget());
            case UNAVAILABLE ->
                new ModelAnswer.Unavailable(
                        message.getUnavailable().getDetail(),
                        message.getUnavailable().getRetryAfterMillis());
            case FAILED ->
                new ModelAnswer.Failed(
                        EndWire.reason("failed.reason", message.getFailed().getReason()),
                        message.getFailed().getDetail());
            case LOST -> new ModelAnswer.Lost();
            case ANSWER_NOT_SET -> throw unknown("model call");
        };
    }

    /** The answer's message. */
    public static CallToolResponse encode(ToolAnswer answer) {
        CallToolResponse.Builder message = CallToolResponse.newBuilder();
        switch (answer) {
            case ToolAnswer.Observed observed ->
                message.getObservedBuilder()
                        .setObservation(StepWire.encode(observed.observation()))
                        .setHead(StepWire.encode(observed.head()));
            case ToolAnswer.AwaitPerson person -> message.setAwaitPerson(person.detail());
            case ToolAnswer.Lost lost -> message.setLost(Lost.getDefaultInstance());
        }
        return message.build();
    }

    /** The answer in the message. */
    public static ToolAnswer decode(CallToolResponse message) {
        return switch (message.getAnswerCase()) {
            case OBSERVED ->
                new ToolAnswer.Observed(
                        StepWire.decode(message.getObserved().getObservation(), Observation.class),
                        StepWire.decode(message.getObserved().getHead()));
            case AWAIT_PERSON -> new ToolAnswer.AwaitPerson(message.getAwaitPerson());
            case LOST -> new ToolAnswer.Lost();
            case ANSWER_NOT_SET -> throw unknown("tool call");
        };
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException(
                "the answer to a " + what + " is of no kind that is known here: is the gateway a newer Tagma?");
    }
}

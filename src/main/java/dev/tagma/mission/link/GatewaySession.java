package dev.tagma.mission.link;

import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionStore.Release;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import java.time.Duration;
import java.util.List;

/**
 * What a runtime asks of its gateway. Every method blocks its virtual thread; all are thread-safe. The gateway orders the steps of a
 * mission: those that it commits itself (replies, outside tools) and those that the runtime sends, so parallel tools need no order of
 * their own. Throws {@link dev.tagma.mission.StoreUnavailableException} while the store is away: the runtime repeats the request
 * until its lease has lapsed. An interrupt ends a wait early with an unchecked exception: what was committed by then stays committed.
 */
public interface GatewaySession extends AutoCloseable {
    /** The instance's number: one per process life. */
    long instance();

    /** How long the instance lives without a heartbeat, by the store's clock. */
    Duration lease();

    /**
     * Stores steps that the runtime performed (observations of local tools, plans, feedback). {@code believed} is the last head this
     * runtime knows of; steps that the gateway committed since under the same claim are no conflict. An observation of a call that
     * is already observed is answered Committed. Usage is counted by the gateway.
     */
    CommitResult commit(Claim claim, Head believed, List<StepContent> steps);

    /** Asks the agent's chain of models; the reply is committed before this returns, and ends the mission where it is a valid answer. */
    ModelAnswer callModel(Claim claim, Head believed, ModelAsk ask);

    /** Calls a tool outside the pod (http, mcp) in the mission's name; its observation is committed before this returns. */
    ToolAnswer callTool(Claim claim, Head believed, long reply, ToolCall call);

    /** The definitions of the outside tools of a mission's agent, as their servers describe them. Cached by the gateway. */
    List<ToolDefinition> outsideTools(Claim claim);

    /** Ends the mission without a further step. */
    CommitResult finish(Claim claim, Head believed, Outcome outcome);

    /** Gives the mission back. False where it was already lost. */
    boolean release(Claim claim, Release release);

    /**
     * Renews the lease and tells what runs here; what should run and does not, or runs and should not, is told to the inbox. Answers
     * false where the instance is Dead: it stops everything and says Hello anew.
     */
    boolean heartbeat(Heartbeat beat);

    /** Leaves; the instance's missions are handed back. */
    @Override
    void close();

    /**
     * A question to the model.
     *
     * @param messages the window, oldest first
     * @param tools that the model may call; empty forbids calls
     * @param wrapUp whether this is the one last question after the budget is spent: made once, although there is no room for it
     */
    record ModelAsk(List<Message> messages, List<ToolDefinition> tools, boolean wrapUp) {
        public ModelAsk {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }
    }

    /** What became of a model call. */
    sealed interface ModelAnswer {
        /** Committed; the mission goes on. */
        record Replied(StepContent.ModelReply reply, Head head) implements ModelAnswer {}

        /** Committed, and the mission has ended with it. */
        record Finished(StepContent.ModelReply reply, Outcome outcome) implements ModelAnswer {}

        /** Committed, but not the answer that the output schema asks for; {@code problem} is for the model. */
        record Unfit(StepContent.ModelReply reply, Head head, String problem) implements ModelAnswer {}

        /** Not made: the budget has no room for it. {@code detail} says which limit and how much is left. */
        record OverBudget(String detail) implements ModelAnswer {}

        /** Every model of the chain failed for the moment; try again later, at the earliest after {@code retryAfterMillis}. */
        record Unavailable(String detail, long retryAfterMillis) implements ModelAnswer {}

        /** Every model of the chain refused for good, or the content was refused. */
        record Failed(dev.tagma.mission.Reason reason, String detail) implements ModelAnswer {}

        /** The mission has another owner. */
        record Lost() implements ModelAnswer {}
    }

    /** What became of a tool call. */
    sealed interface ToolAnswer {
        /** Committed. */
        record Observed(StepContent.Observation observation, Head head) implements ToolAnswer {}

        /** It may have happened before a crash, and the tool says that a person decides: the mission has to wait. */
        record AwaitPerson(String detail) implements ToolAnswer {}

        /** The mission has another owner. */
        record Lost() implements ToolAnswer {}
    }
}

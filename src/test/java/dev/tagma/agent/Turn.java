package dev.tagma.agent;

import dev.tagma.mission.link.GatewaySession.ModelAnswer;
import dev.tagma.mission.link.GatewaySession.ModelAsk;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import java.util.List;

/** What a scripted model does at one point of the conversation. */
@FunctionalInterface
public interface Turn {
    ModelAnswer take(FakeMission mission, ModelAsk ask) throws InterruptedException;

    /** Replies with text. */
    static Turn says(String text) {
        return replies(new ModelReply(text, List.of(), "primary", 10, 5, 1, Stop.Answer, List.of()));
    }

    /** Asks for tools. */
    static Turn calls(ToolCall... calls) {
        return replies(new ModelReply("", List.of(calls), "primary", 10, 5, 1, Stop.ToolCalls, List.of()));
    }

    /** Replies; the gateway commits and judges it. */
    static Turn replies(ModelReply reply) {
        return (mission, ask) -> mission.reply(reply);
    }

    /** No reply: the gateway answers this. */
    static Turn answers(ModelAnswer answer) {
        return (mission, ask) -> answer;
    }

    /** A call. */
    static ToolCall call(String id, String tool, String arguments) {
        return new ToolCall(id, tool, arguments);
    }
}

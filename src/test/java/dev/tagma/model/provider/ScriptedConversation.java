package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.mission.step.ToolDefinition;
import dev.tagma.model.ModelClient.ModelParameters;
import dev.tagma.model.ModelClient.ModelReply;
import dev.tagma.model.ModelClient.ModelRequest;
import dev.tagma.model.ModelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A conversation with a scripted model, as a mission holds it; sleeping only adds up. */
final class ScriptedConversation {
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ScriptedModel model;
    private final List<Message> messages = new ArrayList<>();
    private List<ToolDefinition> tools = List.of();
    private List<ToolCall> open = List.of();
    private Duration slept = Duration.ZERO;

    private ScriptedConversation(String script) {
        model = new ScriptedModel(
                Script.parse(script), "small", duration -> slept = slept.plus(duration), new Random(42));
    }

    static ScriptedConversation of(String script) {
        return new ScriptedConversation(script);
    }

    ScriptedConversation goal(String goal) {
        messages.clear();
        tools = List.of();
        messages.add(new Message.User(goal));
        return this;
    }

    ScriptedConversation goal(String goal, String inputs) {
        return goal(goal + "\n\nInputs:\n" + inputs);
    }

    ScriptedConversation tools(String name) {
        tools = List.of(new ToolDefinition(name, "", JsonNodeFactory.instance.objectNode()));
        return this;
    }

    ModelReply ask() throws ModelException, InterruptedException {
        return model.chat(new ModelRequest(messages, tools, new ModelParameters(null, null), TIMEOUT, "key"));
    }

    /** Asks until there is a reply; how many failures came before. */
    int refusals() throws InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                ask();
                return failures;
            } catch (ModelException e) {
                // the next attempt may do
            }
        }
    }

    /** Asks, and takes the reply into the conversation. */
    ScriptedConversation turn() throws ModelException, InterruptedException {
        ModelReply reply = ask();
        messages.add(new Message.Assistant(reply.text(), reply.toolCalls()));
        open = reply.toolCalls();
        return this;
    }

    List<String> calls() {
        return open.stream().map(call -> call.tool() + " " + call.arguments()).toList();
    }

    /** Answers the calls of the last reply in order. */
    ScriptedConversation results(String... outputs) {
        answer(false, outputs);
        return this;
    }

    ScriptedConversation failures(String... outputs) {
        answer(true, outputs);
        return this;
    }

    private void answer(boolean error, String... outputs) {
        List<String> texts = Arrays.asList(outputs);
        for (int i = 0; i < texts.size(); i++) {
            messages.add(new Message.ToolResult(open.get(i).id(), open.get(i).tool(), texts.get(i), error));
        }
    }

    /** Cuts messages after the goal, as the history window does. */
    void forget(int count) {
        messages.subList(1, 1 + count).clear();
    }

    Duration slept() {
        return slept;
    }
}

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
import java.util.function.Function;

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

    /** The model answers in words, and is told to go on. */
    void say(String feedback) throws ModelException, InterruptedException {
        messages.add(new Message.Assistant(ask().text(), List.of()));
        messages.add(new Message.User(feedback));
    }

    /** Another model of the chain replies. */
    ScriptedConversation otherModelCalls(String tool, String id) {
        open = List.of(new ToolCall(id, tool, "{}"));
        messages.add(new Message.Assistant("", open));
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

    ScriptedConversation resultsOf(Function<ToolCall, String> tool) {
        return results(open.stream().map(tool).toArray(String[]::new));
    }

    boolean isCalling() {
        return !open.isEmpty();
    }

    /** What the last message says. */
    String said() {
        return ((Message.Assistant) messages.getLast()).text();
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

    /** Keeps the goal and the last {@code size} messages, whole exchanges only, and always the last one. */
    void window(int size) {
        int last = messages.size() - 1;
        while (!(messages.get(last) instanceof Message.Assistant)) {
            last--;
        }
        while (messages.size() - 1 > size && last > 1) {
            do {
                messages.remove(1);
                last--;
            } while (last > 1 && messages.get(1) instanceof Message.ToolResult);
        }
    }

    Duration slept() {
        return slept;
    }
}

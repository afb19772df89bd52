package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.ModelClient.ModelRequest;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A request as a script sees it. The first User message is the goal, then, where there are inputs, a blank line, the line {@code Inputs:}
 * and their JSON. Nothing is parsed before somebody asks for it.
 */
final class Conversation implements Scope {
    private static final String INPUTS = "\n\nInputs:\n";
    /** More than any list of a script: what another model writes into its ids must not cost memory. */
    private static final int MAX_INDEX = 100_000;

    private final String model;
    private final ModelRequest request;
    private final List<Message> messages;
    private final List<String> tools;
    private JsonNode inputs;

    /** A request to {@code model}, whose script calls {@code tools}. */
    Conversation(String model, ModelRequest request, List<String> tools) {
        this.model = model;
        this.request = request;
        this.tools = tools;
        this.messages = request.messages();
    }

    String model() {
        return model;
    }

    boolean hasTools() {
        return !request.tools().isEmpty();
    }

    /** How many replies came before this one, those that the history window cut included. */
    int turn() {
        int turn = 0;
        for (Message message : messages) {
            if (message instanceof Message.Assistant(String text, List<ToolCall> calls)) {
                CallId id =
                        calls.isEmpty() ? null : CallId.parse(calls.getFirst().id());
                turn = id == null ? turn + 1 : Math.max(turn, id.turn()) + 1;
            }
        }
        return turn;
    }

    String goal() {
        String first = firstUserText();
        int end = first.lastIndexOf(INPUTS);
        return end < 0 ? first : first.substring(0, end);
    }

    /** The last message's text; of several tool results in a row, the last one's. */
    String last() {
        return messages.isEmpty() ? "" : textOf(messages.getLast());
    }

    Stream<String> texts() {
        return messages.stream().map(Conversation::textOf);
    }

    /** Characters in all messages. */
    long length() {
        long length = 0;
        for (Message message : messages) {
            length += textOf(message).length();
            if (message instanceof Message.Assistant(String text, List<ToolCall> calls)) {
                for (ToolCall call : calls) {
                    length += call.tool().length()
                            + (call.arguments() == null ? 0 : call.arguments().length());
                }
            }
        }
        return length;
    }

    boolean lastResultsOf(String tool) {
        for (int i = messages.size() - 1; i >= 0 && messages.get(i) instanceof Message.ToolResult result; i--) {
            if (result.tool().equals(tool)) {
                return true;
            }
        }
        return false;
    }

    boolean lastResultsFailed() {
        for (int i = messages.size() - 1; i >= 0 && messages.get(i) instanceof Message.ToolResult result; i--) {
            if (result.error()) {
                return true;
            }
        }
        return false;
    }

    /** For each tool of the script, the index of its next call. */
    int[] next() {
        int[] next = new int[tools.size()];
        for (Message message : messages) {
            if (message instanceof Message.Assistant(String text, List<ToolCall> calls) && !calls.isEmpty()) {
                CallId id = CallId.parse(calls.getFirst().id());
                if (id != null && id.next().size() == next.length) {
                    Arrays.setAll(next, i -> Math.max(next[i], id.next().get(i)));
                } else {
                    // another model of the chain made these calls
                    calls.stream()
                            .mapToInt(call -> tools.indexOf(call.tool()))
                            .filter(tool -> tool >= 0)
                            .forEach(tool -> next[tool]++);
                }
            }
        }
        return next;
    }

    @Override
    public JsonNode root(String name) {
        return switch (name) {
            case "goal" -> TextNode.valueOf(goal());
            case "inputs" -> inputs();
            case "last" -> Json.readOrText(last());
            case "model" -> TextNode.valueOf(model);
            case "turn" -> IntNode.valueOf(turn());
            default -> throw new TemplateException("there is no " + name + " outside a forEach");
        };
    }

    @Override
    public ArrayNode results(String tool) {
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        outputs(tool).forEach((index, output) -> {
            missing(results, index);
            results.add(Json.readOrText(output));
        });
        int position = tools.indexOf(tool);
        missing(results, position < 0 ? 0 : Math.min(next()[position], MAX_INDEX));
        return results;
    }

    private static void missing(ArrayNode results, int end) {
        while (results.size() < end) {
            results.add(MissingNode.getInstance());
        }
    }

    private SortedMap<Integer, String> outputs(String tool) {
        SortedMap<Integer, String> outputs = new TreeMap<>();
        for (Message message : messages) {
            if (message instanceof Message.ToolResult result && result.tool().equals(tool)) {
                outputs.put(indexOf(result.callId(), outputs.isEmpty() ? 0 : outputs.lastKey() + 1), result.output());
            }
        }
        return outputs;
    }

    private static int indexOf(String callId, int otherwise) {
        CallId id = CallId.parse(callId);
        return id == null || id.index() > MAX_INDEX ? otherwise : id.index();
    }

    private JsonNode inputs() {
        if (inputs == null) {
            String first = firstUserText();
            int at = first.lastIndexOf(INPUTS);
            inputs = at < 0
                    ? JsonNodeFactory.instance.objectNode()
                    : Json.read(first.substring(at + INPUTS.length()))
                            .orElseThrow(() -> new TemplateException("the inputs are no JSON"));
        }
        return inputs;
    }

    private String firstUserText() {
        for (Message message : messages) {
            if (message instanceof Message.User(String text)) {
                return text;
            }
        }
        return "";
    }

    private static String textOf(Message message) {
        return switch (message) {
            case Message.System(String text) -> text;
            case Message.User(String text) -> text;
            case Message.Assistant(String text, List<ToolCall> calls) -> text == null ? "" : text;
            case Message.ToolResult result -> result.output();
        };
    }
}

package dev.tagma.agent;

import dev.tagma.mission.StepLog;
import dev.tagma.mission.step.Message;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.util.ArrayList;
import java.util.List;

/**
 * The history as a model is shown it: the last {@link StepLog#WINDOW} messages, oldest first. A tool's result always follows the reply
 * that asked for it, in the order of the calls, so whole exchanges leave the window together; the last one stays whole, however many
 * calls it has.
 */
final class Conversation {
    /** Most calls of one reply that are run and shown. */
    static final int MAX_CALLS = 64;
    /** Most characters of a reply's text, and of a call's arguments, that are shown again. */
    static final int MAX_TEXT = 32 << 10;

    private static final String PLAN_NOTED = "The plan is noted.";

    private final ArrayList<Message> messages = new ArrayList<>(4);
    private int asked = -1;

    /** The next step of the history. What cannot be shown, such as a result that nobody asked for, is left out. */
    void add(StepContent content) {
        switch (content) {
            case StepContent.ModelReply reply -> ask(reply);
            case StepContent.Observation o ->
                result(o.callId(), o.output(), o.result() != StepContent.Observation.Result.Ok);
            case StepContent.Plan plan -> result(plan.callId(), PLAN_NOTED, false);
            case StepContent.Feedback feedback -> messages.add(new Message.User(feedback.text()));
            case StepContent.ToolStarted started -> {}
        }
        trim();
    }

    /** The window, oldest first. */
    List<Message> window() {
        return List.copyOf(messages);
    }

    private void ask(StepContent.ModelReply reply) {
        dropUnansweredCalls();
        List<ToolCall> calls = reply.toolCalls().stream()
                .limit(MAX_CALLS)
                .map(Conversation::shortened)
                .toList();
        asked = messages.size();
        messages.add(new Message.Assistant(cut(reply.text()), calls));
    }

    private void result(String callId, String output, boolean error) {
        if (asked < 0) {
            return;
        }
        List<ToolCall> calls = ((Message.Assistant) messages.get(asked)).toolCalls();
        int call = indexOf(callId, calls);
        int place = asked + 1;
        while (place < messages.size() && messages.get(place) instanceof Message.ToolResult earlier) {
            int other = indexOf(earlier.callId(), calls);
            if (other == call) {
                return;
            }
            if (other > call) {
                break;
            }
            place++;
        }
        if (call >= 0) {
            messages.add(place, new Message.ToolResult(callId, calls.get(call).tool(), output, error));
        }
    }

    /** No provider accepts a call without a result once the conversation has gone on. */
    private void dropUnansweredCalls() {
        if (asked < 0) {
            return;
        }
        Message.Assistant reply = (Message.Assistant) messages.get(asked);
        List<ToolCall> answered =
                reply.toolCalls().stream().filter(call -> isAnswered(call.id())).toList();
        if (answered.size() < reply.toolCalls().size()) {
            messages.set(asked, new Message.Assistant(reply.text(), answered));
        }
    }

    private boolean isAnswered(String callId) {
        return messages.subList(asked + 1, messages.size()).stream()
                .anyMatch(message -> message instanceof Message.ToolResult result
                        && result.callId().equals(callId));
    }

    private void trim() {
        int last = asked < 0 ? messages.size() : asked;
        int cut = 0;
        while (messages.size() - cut > StepLog.WINDOW && cut < last) {
            cut++;
            while (cut < last && messages.get(cut) instanceof Message.ToolResult) {
                cut++;
            }
        }
        if (cut > 0) {
            messages.subList(0, cut).clear();
            asked = Math.max(-1, asked - cut);
        }
    }

    private static int indexOf(String callId, List<ToolCall> calls) {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).id().equals(callId)) {
                return i;
            }
        }
        return -1;
    }

    private static ToolCall shortened(ToolCall call) {
        // half an object is no JSON: what is too long is shown as no arguments at all
        return call.arguments() != null && call.arguments().length() > MAX_TEXT
                ? new ToolCall(call.id(), call.tool(), "{}")
                : call;
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end) + "\n[cut: " + end + " of " + text.length() + " characters shown]";
    }
}

package dev.tagma.model.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.mission.step.ToolCall;
import dev.tagma.model.ModelClient;
import dev.tagma.model.ModelException;
import dev.tagma.model.Sleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;

/**
 * A model that replies by a script. What it says follows from the conversation alone, so the same question after a crash has the same
 * answer; only {@code times} of faults are counted, per process and model.
 */
public final class ScriptedModel implements ModelClient {
    /** Characters per token in estimates: English text and JSON are close to it. */
    private static final int CHARS_PER_TOKEN = 4;

    private final Script script;
    private final String model;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final AtomicIntegerArray injected;

    /**
     * A model of a script.
     *
     * @param model the provider's name of the model, which rules may ask for
     * @param random for latencies and probabilities; thread-safe
     */
    public ScriptedModel(Script script, String model, Sleeper sleeper, RandomGenerator random) {
        this.script = script;
        this.model = model;
        this.sleeper = sleeper;
        this.random = random;
        this.injected = new AtomicIntegerArray(script.rules().size());
    }

    @Override
    public ModelReply chat(ModelRequest request) throws ModelException, InterruptedException {
        Conversation conversation = new Conversation(model, request, script.tools());
        List<Script.Rule> rules = script.rules();
        for (int i = 0; i < rules.size(); i++) {
            Script.Rule rule = rules.get(i);
            if (!rule.when().holds(conversation)) {
                continue;
            }
            if (rule.fault() != null && strikes(rule.fault(), i)) {
                throw failed(rule, request.timeout());
            }
            ModelReply reply = rule.reply() == null ? null : reply(rule, conversation);
            if (reply != null) {
                pass(rule.latency(), request.timeout());
                if (!reply.text().isEmpty()) {
                    request.listener().wrote(reply.text());
                }
                return reply;
            }
        }
        throw refused("no rule of the script applies to turn " + conversation.turn() + " of this conversation with "
                + model + ": add a last rule without a condition");
    }

    private boolean strikes(Script.Fault fault, int rule) {
        if (fault.times() != null) {
            return injected.get(rule) < fault.times() && injected.getAndIncrement(rule) < fault.times();
        }
        return fault.probability() >= 1 || random.nextDouble() < fault.probability();
    }

    private ModelException failed(Script.Rule rule, Duration timeout) throws ModelException, InterruptedException {
        Script.Fault fault = rule.fault();
        if (fault.kind() == Script.FaultKind.Hang) {
            pass(new Script.Latency(timeout, timeout), timeout);
        }
        pass(rule.latency(), timeout);
        return new ModelException(fault.kind().failure(), fault.message(), fault.retryAfter(), null);
    }

    private void pass(Script.Latency latency, Duration timeout) throws ModelException, InterruptedException {
        if (latency == null) {
            return;
        }
        Duration wait = latency.next(random);
        if (wait.compareTo(timeout) >= 0) {
            sleeper.sleep(timeout);
            throw new ModelException(
                    ModelException.Kind.Timeout, "no reply within " + timeout.toMillis() + " ms", null, null);
        }
        sleeper.sleep(wait);
    }

    /** The rule's reply, or null where its lists have no elements left to call for. */
    private ModelReply reply(Script.Rule rule, Conversation conversation) throws ModelException {
        Script.Reply reply = rule.reply();
        try {
            List<ToolCall> calls = calls(reply, conversation);
            if (calls == null) {
                return null;
            }
            String text = reply.text() == null
                    ? ""
                    : Template.written(reply.text().fill(conversation)).repeat(reply.repeat());
            Stop stop = calls.isEmpty() ? Stop.Answer : Stop.ToolCalls;
            return new ModelReply(
                    text,
                    calls,
                    reply.inputTokens() == null ? tokens(conversation.length()) : reply.inputTokens(),
                    reply.outputTokens() == null ? tokens(length(text, calls)) : reply.outputTokens(),
                    reply.stop() == null ? stop : reply.stop());
        } catch (TemplateException e) {
            throw refused("script " + rule.label() + ": " + e.getMessage());
        }
    }

    private List<ToolCall> calls(Script.Reply reply, Conversation conversation) {
        if (reply.calls().isEmpty()) {
            return List.of();
        }
        int[] made = conversation.next();
        int[] next = made.clone();
        boolean elementsLeft = !reply.overElements();
        List<Planned> planned = new ArrayList<>();
        for (Script.Call call : reply.calls()) {
            int tool = script.tools().indexOf(call.tool());
            if (call.forEach() == null) {
                planned.add(Planned.of(call, conversation, next[tool]++));
                continue;
            }
            JsonNode list = elements(call.forEach(), conversation);
            int due = call.needs() == null ? list.size() : made[script.tools().indexOf(call.needs())];
            long end = Math.min(Math.min(due, list.size()), (long) made[tool] + call.batch());
            for (; next[tool] < end; next[tool]++) {
                planned.add(Planned.of(call, conversation.on(next[tool], list.get(next[tool])), next[tool]));
                elementsLeft = true;
            }
        }
        return elementsLeft ? named(planned, conversation.turn(), next) : null;
    }

    private static JsonNode elements(Path path, Conversation conversation) {
        JsonNode list = path.resolve(conversation);
        if (!list.isArray()) {
            throw new TemplateException(path + " is no list, so forEach cannot go through it");
        }
        return list;
    }

    private static List<ToolCall> named(List<Planned> planned, int turn, int[] next) {
        List<Integer> after = Arrays.stream(next).boxed().toList();
        List<ToolCall> calls = new ArrayList<>(planned.size());
        for (Planned call : planned) {
            String id = new CallId(turn, calls.size(), call.index(), after).toString();
            calls.add(new ToolCall(id, call.tool(), call.arguments()));
        }
        return calls;
    }

    /** A call that has no id yet. */
    private record Planned(String tool, String arguments, int index) {
        static Planned of(Script.Call call, Scope scope, int index) {
            return new Planned(call.tool(), Template.written(call.arguments().fill(scope)), index);
        }
    }

    private static long length(String text, List<ToolCall> calls) {
        long length = text.length();
        for (ToolCall call : calls) {
            length += call.tool().length() + call.arguments().length();
        }
        return length;
    }

    private static long tokens(long characters) {
        return Math.ceilDiv(characters, CHARS_PER_TOKEN);
    }

    /** A script that does not fit the conversation fails for good: asking again would change nothing. */
    private static ModelException refused(String message) {
        return new ModelException(ModelException.Kind.InvalidRequest, message, null, null);
    }
}

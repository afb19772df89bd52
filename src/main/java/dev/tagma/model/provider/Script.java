package dev.tagma.model.provider;

import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import dev.tagma.model.ModelException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The script of a Scripted provider: rules in order, of which the first that applies replies. docs/scripted-provider.md is its
 * reference. Immutable and cheap to ask: everything is compiled once.
 */
public final class Script {
    private final List<Rule> rules;
    private final List<String> tools;

    Script(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        this.tools = rules.stream()
                .filter(rule -> rule.reply() != null)
                .flatMap(rule -> rule.reply().calls().stream())
                .map(Call::tool)
                .distinct()
                .toList();
    }

    /** Reads a script; throws InvalidScriptException, which names the field and the fix. */
    public static Script parse(String yaml) {
        return ScriptReader.read(yaml);
    }

    List<Rule> rules() {
        return rules;
    }

    /** The tools that the script calls, in the order of their first mention. */
    List<String> tools() {
        return tools;
    }

    /**
     * A rule.
     *
     * @param label for messages
     * @param latency null where neither rule nor script has one
     * @param fault null where the rule has none
     * @param reply null where the rule only injects a fault
     */
    record Rule(String label, Condition when, Latency latency, Fault fault, Reply reply) {}

    /** How long a reply takes: {@code min} or, evenly spread, up to {@code max}. */
    record Latency(Duration min, Duration max) {
        Duration next(RandomGenerator random) {
            long spread = max.minus(min).toNanos();
            return spread == 0 ? min : min.plusNanos(random.nextLong(spread + 1));
        }
    }

    /**
     * A failure.
     *
     * @param times how often, or null for always; counted per process and model
     * @param probability per call
     */
    record Fault(FaultKind kind, Integer times, double probability, Duration retryAfter, String message) {}

    /** The failures a script can inject. */
    enum FaultKind {
        RateLimited(ModelException.Kind.RateLimited),
        Timeout(ModelException.Kind.Timeout),
        Unreachable(ModelException.Kind.Unreachable),
        InvalidReply(ModelException.Kind.InvalidReply),
        InvalidRequest(ModelException.Kind.InvalidRequest),
        AuthenticationFailed(ModelException.Kind.AuthenticationFailed),
        ContentRefused(ModelException.Kind.ContentRefused),
        /** No answer at all: the caller's timeout ends it. */
        Hang(ModelException.Kind.Timeout);

        private final ModelException.Kind failure;

        FaultKind(ModelException.Kind failure) {
            this.failure = failure;
        }

        ModelException.Kind failure() {
            return failure;
        }
    }

    /**
     * What is said.
     *
     * @param text null where only tools are called
     * @param repeat how often the text is said in a row
     * @param inputTokens and {@code outputTokens}: null for an estimate by length
     * @param stop null for what follows from the reply
     */
    record Reply(Template text, int repeat, List<Call> calls, Integer inputTokens, Integer outputTokens, Stop stop) {
        boolean overElements() {
            return calls.stream().anyMatch(call -> call.forEach() != null);
        }
    }

    /**
     * A tool call, or one for each element of a list.
     *
     * @param forEach the list, or null
     * @param batch how many calls one reply makes at most
     * @param needs the tool that must have been called for an element first, or null
     */
    record Call(String tool, Template arguments, Path forEach, int batch, String needs) {}
}

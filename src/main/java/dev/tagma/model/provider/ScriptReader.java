package dev.tagma.model.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tagma.api.v1alpha1.Durations;
import dev.tagma.mission.step.StepContent.ModelReply.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads scripts strictly. */
final class ScriptReader {
    private static final int MAX_RULES = 1_000;
    /** A mission runs no more calls of one reply. */
    private static final int MAX_CALLS = 64;
    /** The state of each goes into every call's id. */
    private static final int MAX_TOOLS = 16;

    private static final int MAX_REPEAT = 16_000_000;
    private static final Pattern TURNS = Pattern.compile("([0-9]{1,6})(?:(\\.\\.)([0-9]{1,6})?)?");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ScriptReader() {}

    static Script read(String yaml) {
        JsonNode tree;
        try {
            tree = YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InvalidScriptException("script", "line " + line + " is no YAML: " + e.getOriginalMessage());
        }
        Fields script = new Fields("script", tree);
        Script.Latency latency = latency(script);
        List<Script.Rule> rules = new ArrayList<>();
        for (Fields rule : script.list("rules", MAX_RULES)) {
            rules.add(rule(rule, rules.size(), latency));
        }
        if (rules.isEmpty()) {
            throw script.error("rules", "is missing: list at least one rule with a reply");
        }
        script.complete();
        Script read = new Script(rules);
        if (read.tools().size() > MAX_TOOLS) {
            throw script.error("rules", "call " + read.tools().size() + " tools: a script calls at most " + MAX_TOOLS);
        }
        for (Script.Rule rule : rules) {
            checkNeeds(rule, read.tools());
        }
        return read;
    }

    private static void checkNeeds(Script.Rule rule, List<String> tools) {
        if (rule.reply() != null) {
            for (Script.Call call : rule.reply().calls()) {
                if (call.needs() != null && !tools.contains(call.needs())) {
                    throw new InvalidScriptException(
                            "script." + rule.label(),
                            "needs " + call.needs() + ", which no rule calls: name one of " + String.join(", ", tools));
                }
            }
        }
    }

    private static Script.Rule rule(Fields rule, int number, Script.Latency otherwise) {
        String name = rule.text("name");
        Fields when = rule.mapping("when");
        Script.Latency latency = latency(rule);
        Fields fault = rule.mapping("fault");
        Fields reply = rule.mapping("reply");
        if (fault == null && reply == null) {
            throw rule.error("needs a reply, a fault, or both");
        }
        rule.complete();
        return new Script.Rule(
                name == null ? "rules[" + number + "]" : "rules[" + number + "] (" + name + ")",
                when == null ? new Condition(null, null, null, null, null, null, null, null) : condition(when),
                latency == null ? otherwise : latency,
                fault == null ? null : fault(fault),
                reply == null ? null : reply(reply));
    }

    private static Condition condition(Fields when) {
        Condition condition = new Condition(
                when.text("model"),
                text(when, "goalContains"),
                text(when, "lastContains"),
                text(when, "contains"),
                turns(when),
                when.text("afterTool"),
                when.bool("toolFailed"),
                when.bool("hasTools"));
        when.complete();
        return condition;
    }

    private static Condition.Text text(Fields when, String name) {
        String value = when.text(name);
        if (value == null || value.length() < 2 || !value.startsWith("/") || !value.endsWith("/")) {
            return value == null ? null : new Condition.Text(value, null);
        }
        try {
            return new Condition.Text(value, Pattern.compile(value.substring(1, value.length() - 1)));
        } catch (PatternSyntaxException e) {
            throw when.error(name, "is no regular expression: " + e.getDescription() + " at " + e.getIndex());
        }
    }

    private static Condition.Turns turns(Fields when) {
        String value = when.text("turn");
        if (value == null) {
            return null;
        }
        Matcher turns = TURNS.matcher(value);
        if (!turns.matches()) {
            throw when.error("turn", "must be a number or a range such as 0, 2..4 or 3.., is \"" + value + "\"");
        }
        int from = Integer.parseInt(turns.group(1));
        int open = turns.group(2) == null ? from : Integer.MAX_VALUE;
        int to = turns.group(3) == null ? open : Integer.parseInt(turns.group(3));
        if (to < from) {
            throw when.error("turn", "ends before it begins: \"" + value + "\"");
        }
        return new Condition.Turns(from, to);
    }

    private static Script.Latency latency(Fields fields) {
        String value = fields.text("latency");
        if (value == null) {
            return null;
        }
        int dots = value.indexOf("..");
        try {
            Duration min = Durations.parse(dots < 0 ? value : value.substring(0, dots));
            Duration max = dots < 0 ? min : Durations.parse(value.substring(dots + 2));
            if (max.compareTo(min) < 0) {
                throw fields.error("latency", "ends before it begins: \"" + value + "\"");
            }
            return new Script.Latency(min, max);
        } catch (InvalidScriptException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw fields.error("latency", e.getMessage() + ", or a range such as 20ms..80ms");
        }
    }

    private static Script.Fault fault(Fields fault) {
        Script.FaultKind kind = fault.oneOf("kind", Script.FaultKind.class);
        Integer times = fault.integer("times", 1, Integer.MAX_VALUE);
        Double probability = fault.probability("probability");
        Duration retryAfter = fault.duration("retryAfter");
        String message = fault.text("message");
        fault.complete();
        if (kind == null) {
            throw fault.error("kind", "is missing: one of " + List.of(Script.FaultKind.values()));
        }
        if (times != null && probability != null) {
            throw fault.error("has both times and probability: choose one");
        }
        return new Script.Fault(
                kind,
                times,
                probability == null ? 1 : probability,
                retryAfter,
                message == null ? "injected by the script" : message);
    }

    private static Script.Reply reply(Fields reply) {
        JsonNode json = reply.any("json");
        String text = reply.text("text");
        Integer repeat = reply.integer("repeat", 1, MAX_REPEAT);
        List<Script.Call> calls = reply.list("toolCalls", MAX_CALLS).stream()
                .map(ScriptReader::call)
                .toList();
        Script.Reply read = new Script.Reply(
                text == null && json == null ? null : said(reply, text, json),
                repeat == null ? 1 : repeat,
                calls,
                reply.integer("inputTokens", 0, Integer.MAX_VALUE),
                reply.integer("outputTokens", 0, Integer.MAX_VALUE),
                reply.oneOf("stop", Stop.class));
        reply.complete();
        if (read.text() == null && calls.isEmpty()) {
            throw reply.error("needs text, json or toolCalls");
        }
        for (Script.Call call : calls) {
            if (call.forEach() != null
                    && calls.stream().filter(c -> c.tool().equals(call.tool())).count() > 1) {
                throw reply.error("toolCalls", "calls " + call.tool() + " beside its forEach: use one entry");
            }
        }
        return read;
    }

    private static Template said(Fields reply, String text, JsonNode json) {
        if (text != null && json != null) {
            throw reply.error("has both text and json: choose one");
        }
        Template said = text == null
                ? template(reply, "json", () -> Template.of(json))
                : template(reply, "text", () -> Template.of(TextNode.valueOf(text)));
        if (said.needsItem()) {
            throw reply.error(
                    text == null ? "json" : "text", "names item or index: only toolCalls with forEach have them");
        }
        return said;
    }

    private static Script.Call call(Fields call) {
        String tool = call.text("tool");
        JsonNode arguments = call.any("arguments");
        String forEach = call.text("forEach");
        Integer batch = call.integer("batch", 1, MAX_CALLS);
        String needs = call.text("needs");
        call.complete();
        if (tool == null) {
            throw call.error("tool", "is missing: name the tool to call");
        }
        if (forEach == null && (batch != null || needs != null)) {
            throw call.error("has batch or needs without forEach: add forEach, or remove them");
        }
        Template filled = template(
                call,
                "arguments",
                () -> Template.of(arguments == null ? JsonNodeFactory.instance.objectNode() : arguments));
        if (forEach == null && filled.needsItem()) {
            throw call.error("arguments", "names item or index: add forEach, which gives them");
        }
        return new Script.Call(
                tool,
                filled,
                forEach == null ? null : template(call, "forEach", () -> Path.parse(forEach)),
                batch == null ? MAX_CALLS : batch,
                needs);
    }

    private static <T> T template(Fields fields, String name, Supplier<T> compiled) {
        try {
            return compiled.get();
        } catch (TemplateException e) {
            throw fields.error(name, e.getMessage());
        }
    }
}

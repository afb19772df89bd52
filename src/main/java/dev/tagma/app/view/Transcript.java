package dev.tagma.app.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagma.mission.Step;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** What a mission did, step by step, for people or as one JSON document per line. */
public final class Transcript {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    private static final String INDENT = "      ";

    private final JsonMapper json;
    private final ZoneId zone;
    private final Colors colors;

    public Transcript(JsonMapper json, ZoneId zone, Colors colors) {
        this.json = json;
        this.zone = zone;
        this.colors = colors;
    }

    /** A step as lines: what happened and when, then what was said. */
    public List<String> text(Step step) {
        List<String> lines = new ArrayList<>();
        String time = TIME.format(step.committedAt().atZone(zone));
        lines.add(colors.bold(String.format("%5d", step.seq()) + " " + heading(step)) + " " + colors.dim(time));
        if (step.content() == null) {
            lines.add(INDENT + "(its content has expired; its digest " + step.contentDigest() + " is kept)");
            return lines;
        }
        body(StepCodec.decode(step.kind(), step.content())).lines().forEach(line -> lines.add(INDENT + line));
        return lines;
    }

    private static String heading(Step step) {
        String what = Transitions.what(step);
        if (step.content() != null
                && StepCodec.decode(step.kind(), step.content()) instanceof StepContent.ModelReply reply) {
            return what + "; " + reply.inputTokens() + " tokens in, " + reply.outputTokens() + " out, cost "
                    + new Usage(0, 0, 0, 0, 0, reply.costNanos()).cost();
        }
        return what;
    }

    private static String body(StepContent content) {
        return Words.printable(
                switch (content) {
                    case StepContent.ModelReply reply -> reply(reply);
                    case StepContent.ToolStarted started -> "call " + started.callId();
                    case StepContent.Observation observed ->
                        observed.output()
                                + (observed.truncatedFrom() > 0
                                        ? "\n(cut from " + observed.truncatedFrom() + " bytes)"
                                        : "");
                    case StepContent.Plan plan -> plan(plan);
                    case StepContent.Feedback feedback -> feedback.text();
                });
    }

    private static String reply(StepContent.ModelReply reply) {
        List<String> parts = new ArrayList<>();
        for (Failover failover : reply.failovers()) {
            parts.add("! " + failover.from() + " failed (" + failover.reason() + "), asked " + failover.to());
        }
        if (!reply.text().isBlank()) {
            parts.add(reply.text().strip());
        }
        for (ToolCall call : reply.toolCalls()) {
            parts.add("-> " + call.tool() + " " + call.arguments());
        }
        return String.join("\n", parts);
    }

    private static String plan(StepContent.Plan plan) {
        return String.join(
                "\n",
                plan.items().stream()
                        .map(item -> switch (item.state()) {
                                    case Pending -> "[ ] ";
                                    case InProgress -> "[>] ";
                                    case Done -> "[x] ";
                                }
                                + item.text())
                        .toList());
    }

    /** A step as one line of JSON: header, content and usage up to it. */
    public String line(Step step) {
        ObjectNode node = json.createObjectNode();
        node.put("sequence", step.seq());
        node.put("time", step.committedAt().toString());
        node.put("epoch", step.epoch());
        node.put("kind", step.kind().name());
        node.put("digest", step.digest().hex());
        node.put("contentDigest", step.contentDigest().hex());
        node.set("usage", StatusJson.usage(step.usage()));
        try {
            node.set("content", step.content() == null ? null : json.readTree(step.content()));
            return json.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        } catch (IOException e) {
            throw new IllegalStateException("step " + step.seq() + " holds no JSON: verify the mission", e);
        }
    }
}

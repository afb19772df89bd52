package dev.tagma.app.view;

import dev.tagma.mission.Step;
import dev.tagma.mission.step.Failover;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Progress where nobody redraws: one line per change of a mission, and per step where that is wanted. */
public final class Transitions {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final ZoneId zone;

    public Transitions(ZoneId zone) {
        this.zone = zone;
    }

    /** {@code 09:12:01.123 default/triage Running}. */
    public String changed(MissionProgress mission, Instant now) {
        return clock(now) + " " + mission.name() + " " + what(mission);
    }

    /** The same without time and name. */
    public String what(MissionProgress mission) {
        String why = reason(mission);
        return mission.phase() + (why.isEmpty() ? "" : ": " + why);
    }

    private static String reason(MissionProgress mission) {
        return switch (mission.phase()) {
            case Running -> mission.seq() == 0 ? "" : "from step " + mission.seq();
            case Pending, Queued, Waiting, Succeeded, Failed, Cancelled -> mission.activity();
        };
    }

    /** {@code 09:12:01.456 default/triage step 3: health answered ok, 1.2k characters}. */
    public String step(MissionProgress mission, Step step, Instant now) {
        return clock(now) + " " + mission.name() + " step " + step.seq() + ": " + what(step);
    }

    private String clock(Instant time) {
        return CLOCK.format(time.atZone(zone));
    }

    /** One step in a few words. */
    public static String what(Step step) {
        if (step.content() == null) {
            return step.kind() + " (expired)";
        }
        return switch (StepCodec.decode(step.kind(), step.content())) {
            case StepContent.ModelReply reply -> model(reply);
            case StepContent.ToolStarted started -> Words.oneLine(started.tool()) + " starts";
            case StepContent.Observation observed ->
                Words.oneLine(observed.tool())
                        + switch (observed.result()) {
                            case Ok -> " answered ";
                            case Error -> " failed, ";
                            case Unknown -> ": outcome unknown, ";
                        }
                        + Words.plural(observed.output().length(), "character");
            case StepContent.Plan plan -> "plan of " + Words.plural(plan.items().size(), "item");
            case StepContent.Feedback feedback -> "told the model: " + feedback.topic();
        };
    }

    private static String model(StepContent.ModelReply reply) {
        StringBuilder line = new StringBuilder("model ").append(Words.oneLine(reply.model()));
        for (Failover failover : reply.failovers()) {
            line.append(" (after ")
                    .append(failover.from())
                    .append(": ")
                    .append(failover.reason())
                    .append(')');
        }
        List<String> tools = reply.toolCalls().stream()
                .map(ToolCall::tool)
                .map(Words::oneLine)
                .toList();
        return line.append(tools.isEmpty() ? " answers" : " calls " + String.join(", ", tools))
                .toString();
    }
}

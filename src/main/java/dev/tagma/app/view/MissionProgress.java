package dev.tagma.app.view;

import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Phase;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A mission as far as it is known here: its row, and the steps seen since.
 *
 * @param record the row at its last transition
 * @param seq the last step seen
 * @param usage up to that step
 * @param openCalls tool calls asked for and not yet observed, by id, in order
 */
public record MissionProgress(MissionRecord record, long seq, Usage usage, Map<String, String> openCalls) {
    public MissionProgress {
        openCalls = new LinkedHashMap<>(openCalls);
    }

    /** All that it has used: the steps', and what was charged for calls without a stored reply. */
    public Usage spent() {
        return usage.plus(record.charged());
    }

    /** A mission of which no step was seen yet. */
    public static MissionProgress of(MissionRecord row) {
        return new MissionProgress(row, row.head().seq(), row.usage(), Map.of());
    }

    /** The same with a newer row. */
    public MissionProgress with(MissionRecord row) {
        boolean ahead = row.head().seq() >= seq;
        return new MissionProgress(row, ahead ? row.head().seq() : seq, ahead ? row.usage() : usage, openCalls);
    }

    /** The same with one more step; a step already seen changes nothing. */
    public MissionProgress with(Step step) {
        if (step.seq() <= seq) {
            return this;
        }
        Map<String, String> open = new LinkedHashMap<>(openCalls);
        if (step.content() != null) {
            follow(StepCodec.decode(step.kind(), step.content()), open);
        }
        return new MissionProgress(record, step.seq(), step.usage(), open);
    }

    private static void follow(StepContent content, Map<String, String> open) {
        switch (content) {
            case StepContent.ModelReply reply -> {
                open.clear();
                for (ToolCall call : reply.toolCalls()) {
                    open.put(call.id(), call.tool());
                }
            }
            case StepContent.Observation observation -> open.remove(observation.callId());
            case StepContent.Plan plan -> open.remove(plan.callId());
            case StepContent.ToolStarted started -> {}
            case StepContent.Feedback feedback -> {}
        }
    }

    /** {@code namespace/name}. */
    public String name() {
        return record.namespace() + "/" + record.name();
    }

    /** Where it is on its way. */
    public Phase phase() {
        return record.phase();
    }

    /** What it does now, or why it does not. */
    public String activity() {
        return switch (phase()) {
            case Running -> openCalls.isEmpty() ? "asking the model" : "calling " + calls(openCalls.values());
            case Succeeded -> record.outcome() == null ? "" : summary();
            case Pending, Queued, Waiting, Failed, Cancelled -> reason();
        };
    }

    private String summary() {
        String summary = record.outcome().summary();
        if (summary == null || summary.isBlank()) {
            return record.outcome().output() == null
                    ? ""
                    : Words.oneLine(record.outcome().output().toString());
        }
        return Words.oneLine(summary);
    }

    private String reason() {
        String message = Words.oneLine(record.message() == null ? "" : record.message());
        if (record.outcome() != null && !record.outcome().message().isEmpty()) {
            message = Words.oneLine(record.outcome().message());
        }
        if (message.isEmpty()) {
            return record.reason() == Reason.Queued ? "" : record.reason().name();
        }
        return record.reason() + ": " + message;
    }

    private static String calls(Collection<String> tools) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        tools.forEach(tool -> counts.merge(Words.oneLine(tool), 1, Integer::sum));
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(e -> e.getValue() == 1 ? e.getKey() : e.getKey() + " x" + e.getValue())
                        .toList());
    }

    /** From its first start to its end, or to {@code now}. */
    public Duration elapsed(Instant now) {
        if (record.startedAt() == null) {
            return Duration.ZERO;
        }
        return Duration.between(record.startedAt(), record.finishedAt() == null ? now : record.finishedAt());
    }
}

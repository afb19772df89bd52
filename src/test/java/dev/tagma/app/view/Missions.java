package dev.tagma.app.view;

import dev.tagma.mission.Digest;
import dev.tagma.mission.Head;
import dev.tagma.mission.MissionRecord;
import dev.tagma.mission.Outcome;
import dev.tagma.mission.Reason;
import dev.tagma.mission.Step;
import dev.tagma.mission.Usage;
import dev.tagma.mission.step.StepCodec;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Rows and steps for the tests of what the terminal shows. */
public final class Missions {
    public static final Instant NOW = Instant.parse("2026-11-21T09:00:12.345Z");

    private Missions() {}

    public static MissionRecord row(String name, Reason reason) {
        return row(name, reason, "", null);
    }

    public static MissionRecord row(String name, Reason reason, String message, Outcome outcome) {
        UUID uid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII));
        boolean started = reason != Reason.Queued;
        return new MissionRecord(
                7,
                uid,
                "default",
                name,
                UUID.nameUUIDFromBytes(new byte[] {1}),
                1,
                0,
                reason,
                message,
                3,
                0,
                Head.genesis(uid),
                new Usage(2, 2, 3, 1200, 45, 12_300_000),
                Usage.NONE,
                0,
                0,
                Duration.ZERO,
                outcome,
                List.of(),
                NOW.minusSeconds(13),
                started ? NOW.minusMillis(12_345) : null,
                outcome == null ? null : NOW,
                started ? "analysts-0" : null,
                null,
                "platform",
                "analysts",
                1);
    }

    public static Step step(long seq, StepContent content) {
        byte[] bytes = StepCodec.encode(content);
        Digest digest = Digest.sha256(bytes);
        return new Step(seq, 3, content.kind(), bytes, digest, digest, new Usage(1, 1, 0, 900, 50, 1_000_000), NOW);
    }

    public static StepContent.ModelReply calls(String... tools) {
        List<ToolCall> calls = new ArrayList<>();
        for (String tool : tools) {
            calls.add(new ToolCall("c" + calls.size(), tool, "{\"key\":\"steel\"}"));
        }
        return new StepContent.ModelReply(
                "I look it up.",
                calls,
                "primary",
                900,
                50,
                1_000_000,
                StepContent.ModelReply.Stop.ToolCalls,
                List.of());
    }

    public static StepContent.Observation answered(String call, String tool, String output) {
        return new StepContent.Observation(1, call, tool, output, StepContent.Observation.Result.Ok, 0);
    }
}

package dev.tagma.bench;

import dev.tagma.api.v1alpha1.MissionSpec;
import dev.tagma.dispatch.Bindings.Binding;
import dev.tagma.mission.Append;
import dev.tagma.mission.Claim;
import dev.tagma.mission.CommitResult.Committed;
import dev.tagma.mission.Head;
import dev.tagma.mission.NewMission;
import dev.tagma.mission.NewStep;
import dev.tagma.mission.Usage;
import dev.tagma.mission.link.Hello;
import dev.tagma.mission.step.StepContent;
import dev.tagma.mission.step.StepContent.ModelReply;
import dev.tagma.mission.step.StepContent.Observation;
import dev.tagma.mission.step.StepContent.Observation.Result;
import dev.tagma.store.PostgresStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The step log by itself: committed steps per second, and what a resume reads. */
final class StoreFigures {
    private static final String CONTENT = "x".repeat(400);

    private final PostgresStore store;

    StoreFigures(PostgresStore store) {
        this.store = store;
    }

    /** Steps per second that {@code missions} missions commit side by side, each step after the one before it. */
    double stepsPerSecond(int missions, Duration time) throws Exception {
        List<Claim> claims = bound(missions);
        long end = System.nanoTime() + time.toNanos();
        long begun = System.nanoTime();
        long steps = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> writers = new ArrayList<>();
            for (Claim claim : claims) {
                writers.add(() -> write(claim, Head.genesis(claim.uid()), Long.MAX_VALUE, end)
                        .seq());
            }
            for (Future<Long> writer : threads.invokeAll(writers)) {
                steps += writer.get();
            }
        }
        return steps / ((System.nanoTime() - begun) / 1e9);
    }

    /** Median nanoseconds to read the tail of a mission of so many steps. */
    long resumeNanos(int steps) {
        Claim claim = bound(1).getFirst();
        write(claim, Head.genesis(claim.uid()), steps, Long.MAX_VALUE);
        long[] nanos = new long[201];
        for (int i = 0; i < nanos.length; i++) {
            long begun = System.nanoTime();
            store.steps().tail(claim.mission());
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    private List<Claim> bound(int missions) {
        UUID pool = UUID.randomUUID();
        store.pools()
                .publish(
                        pool,
                        "bench",
                        "bench",
                        new dev.tagma.api.v1alpha1.AgentPoolSpec(
                                null, List.of(), List.of(), List.of(), null, null, null, null, null),
                        java.util.Map.of());
        MissionSpec spec =
                new MissionSpec(null, "a", "go", null, null, null, 10, "60m", null, 0, null, null, false, false, null);
        List<NewMission> made = new ArrayList<>();
        for (int i = 0; i < missions; i++) {
            made.add(new NewMission(UUID.randomUUID(), "bench", "m" + i, pool, spec));
        }
        store.missions().admit(made);
        long instance = store.instances().register(new Hello(pool, "bench", missions, "bench"), Duration.ofHours(1));
        return store.bindings().bind(instance, missions).stream()
                .map(Binding::claim)
                .toList();
    }

    private Head write(Claim claim, Head from, long upTo, long end) {
        Head head = from;
        while (head.seq() < upTo && System.nanoTime() < end) {
            StepContent content = head.seq() % 2 == 0
                    ? new ModelReply(CONTENT, List.of(), "primary", 100, 10, 1, ModelReply.Stop.ToolCalls, List.of())
                    : new Observation(head.seq(), "call_1", "tool", CONTENT, Result.Ok, 0);
            Append append = new Append(claim, head, List.of(NewStep.of(content, Usage.TOOL_CALL)), null);
            if (!(store.steps().commit(append) instanceof Committed committed)) {
                throw new IllegalStateException("not committed: " + append.claim());
            }
            head = committed.head();
        }
        return head;
    }
}

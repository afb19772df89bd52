package dev.tagma.bench;

import static dev.tagma.bench.Figures.millis;

import dev.tagma.app.role.RestBench;
import java.io.IOException;
import java.nio.file.Files;

/** The figures of the gateway's REST over HTTP. */
final class RestFigures {
    private static final int MISSIONS = 10_000;
    private static final int LISTS = 300;
    private static final int LISTENERS = 500;
    private static final int STEPS = 40;

    private final Figures figures;

    RestFigures(Figures figures) {
        this.figures = figures;
    }

    void measure() throws IOException {
        try (RestBench bench = new RestBench(Files.createTempDirectory("tagma-bench"))) {
            long[] events = bench.eventNanos(LISTENERS, STEPS);
            figures.add(
                    "step's commit to its event at 500 listeners, p50 / p99 / worst",
                    millis(at(events, 50)) + " / " + millis(at(events, 99)) + " / " + millis(events[events.length - 1]),
                    "goal 100 ms");
            long[] lists = bench.listNanos(MISSIONS, LISTS);
            figures.add(
                    "a page of 100 of 10,000 missions, p50 / p95",
                    millis(at(lists, 50)) + " / " + millis(at(lists, 95)),
                    "goal 200 ms");
        }
    }

    private static long at(long[] sorted, int percent) {
        return sorted[(int) ((sorted.length - 1L) * percent / 100)];
    }
}

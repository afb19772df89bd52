package dev.tagma.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/** How long missions stood still. */
final class Takeovers {
    private Takeovers() {}

    /** Puts the figures of these standstills, in milliseconds, into the report. */
    static void report(String figure, List<Long> millis, Duration goal) {
        assertThat(millis).as(figure).isNotEmpty();
        List<Long> sorted = millis.stream().sorted().toList();
        Report.figure(
                "%s, p50 / p99 of %d missions".formatted(figure, sorted.size()),
                Report.millis(percentile(sorted, 50)) + " / " + Report.millis(percentile(sorted, 99)),
                Report.goal("p99 ≤ " + Report.millis(goal.toMillis()), percentile(sorted, 99) <= goal.toMillis()));
    }

    static long percentile(List<Long> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}

package dev.tagma.e2e;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Postgres ends, or cannot be reached. */
@Scenarios(number = 4, value = "Postgres")
class PostgresE2E {
    private static final Duration CUT_OFF = Duration.ofSeconds(30);

    private final Outside outside;

    PostgresE2E(Outside outside) {
        this.outside = outside;
    }

    @Test
    void postgresIsRestarted() {
        try (Fleet fleet = new Fleet("e2e-restarted", outside, 2, 40)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            Instant deleted = Instant.now();
            Pods.delete(Tagma.pods("postgres").getFirst());
            fleet.awaitCallsAfter(deleted.plusSeconds(5));
            Report.figure(
                    "deleted Postgres pod: until missions went on",
                    Report.seconds(Duration.between(deleted, Instant.now())),
                    "");
            fleet.judge();
        }
    }

    @Test
    @Tag("nodes")
    void postgresCannotBeReachedForThirtySeconds() {
        try (Fleet fleet = new Fleet("e2e-unreachable", outside, 2, 40)) {
            fleet.apply(10);
            fleet.awaitAllUnderWay();
            Instant joined;
            try (Cut cut = Cut.off(Tagma.pods("postgres").getFirst())) {
                joined = cut.after(CUT_OFF);
            }
            fleet.awaitCallsAfter(joined);
            Report.figure(
                    "Postgres cut off for 30 s: until missions went on after it was back",
                    Report.seconds(Duration.between(joined, Instant.now())),
                    "");
            fleet.judge();
        }
    }
}

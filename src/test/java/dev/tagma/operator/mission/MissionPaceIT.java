package dev.tagma.operator.mission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagma.kube.Cluster;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Bounds that a busy machine keeps too; the figures are those of {@code make bench}. */
class MissionPaceIT {
    private static final int ONE_BY_ONE = 20;
    private static final int AT_ONCE = 5_000;

    @Test
    void aCommitIsInTheStatusSoonWhereTheStoreTellsOfIt() throws Exception {
        try (MissionBench bench = new MissionBench(Cluster.shared(), true)) {
            bench.commitToStatusNanos("warm-", 5);
            long[] taken = bench.commitToStatusNanos("m-", ONE_BY_ONE);
            print("with notifications", taken);
            assertThat(median(taken)).isLessThan(Duration.ofMillis(500));
        }
    }

    @Test
    void notifyOffACommitIsInTheStatusWithin1s() throws Exception {
        try (MissionBench bench = new MissionBench(Cluster.shared(), false)) {
            bench.commitToStatusNanos("warm-", 3);
            long[] taken = bench.commitToStatusNanos("m-", ONE_BY_ONE / 2);
            print("without notifications", taken);
            assertThat(median(taken)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void fiveThousandMissionsAtOnceAllReachARow() throws Exception {
        // what it leaves there is in nobody else's way
        try (Cluster own = Cluster.own()) {
            own.applyCrds();
            try (MissionBench bench = new MissionBench(own, true)) {
                MissionBench.Flood flood = bench.flood("m-", AT_ONCE);
                System.out.printf(
                        Locale.ROOT,
                        "%d missions at once: created after %.1f s, in the store after %.1f s%n",
                        AT_ONCE,
                        flood.createNanos() / 1e9,
                        flood.rowNanos() / 1e9);
                assertThat(Duration.ofNanos(flood.rowNanos())).isLessThan(Duration.ofMinutes(3));
            }
        }
    }

    private static Duration median(long[] taken) {
        return Duration.ofNanos(taken[taken.length / 2]);
    }

    private static void print(String how, long[] taken) {
        System.out.printf(
                Locale.ROOT,
                "commit to status %s: p50 %.1f ms, p99 %.1f ms%n",
                how,
                taken[taken.length / 2] / 1e6,
                taken[taken.length - 1] / 1e6);
    }
}

package dev.tagma.bench;

import static dev.tagma.bench.Figures.millis;
import static dev.tagma.bench.Figures.percentile;
import static dev.tagma.bench.Figures.rate;
import static dev.tagma.bench.Figures.ratio;

import dev.tagma.kube.Cluster;
import dev.tagma.operator.mission.MissionBench;
import java.util.Locale;

/** What lies between the store and the API server: commits into statuses, and many missions at once into rows. */
final class StatusFigures {
    private static final int WARM_UP = 50;
    private static final int ONE_BY_ONE = 300;
    private static final int POLLED = 50;
    private static final int AT_ONCE = 5_000;

    private final Figures figures;

    StatusFigures(Figures figures) {
        this.figures = figures;
    }

    void measure() throws Exception {
        try (Cluster cluster = Cluster.own()) {
            cluster.applyCrds();
            double creates = new ApiServerFigures(cluster).creates(cluster.newNamespace("alone"), AT_ONCE);
            try (MissionBench bench = new MissionBench(cluster, true)) {
                bench.commitToStatusNanos("warm-", WARM_UP);
                add("with notifications", bench.commitToStatusNanos("m-", ONE_BY_ONE), "goal 100 ms");
                MissionBench.Flood flood = bench.flood("flood-", AT_ONCE);
                figures.add(
                        "missions applied at once: the last has its row after",
                        String.format(Locale.ROOT, "%,d: %.1f s", AT_ONCE, flood.rowNanos() / 1e9),
                        "created at " + rate(AT_ONCE / (flood.createNanos() / 1e9)) + ", "
                                + ratio(AT_ONCE / (flood.rowNanos() / 1e9), creates) + " of the API server alone");
            }
            try (MissionBench bench = new MissionBench(cluster, false)) {
                add("without", bench.commitToStatusNanos("m-", POLLED), "goal 1,000 ms");
            }
        }
    }

    private void add(String how, long[] taken, String goal) {
        figures.add(
                "commit to status, " + how + ", p50 / p99",
                millis(percentile(taken, 50)) + " / " + millis(percentile(taken, 99)),
                goal);
    }

    /** These figures alone. */
    public static void main(String[] arguments) throws Exception {
        new StatusFigures(new Figures()).measure();
        System.exit(0);
    }
}

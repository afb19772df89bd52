package dev.tagma.bench;

import static dev.tagma.bench.Figures.millis;
import static dev.tagma.bench.Figures.percentile;
import static dev.tagma.bench.Figures.rate;
import static dev.tagma.bench.Figures.ratio;

import dev.tagma.app.role.ClusterBench;
import dev.tagma.kube.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The figures of the three roles on a real API server, each beside what that API server gives by itself. */
final class ClusterFigures {
    private static final int WARM_UP = 500;
    private static final int ONE_BY_ONE = 300;
    private static final int AT_ONCE = 3_000;

    private static final int MANY = 10_000;

    private final Figures figures;

    ClusterFigures(Figures figures) {
        this.figures = figures;
    }

    /** Latency and throughput, beside what the API server gives alone. */
    void pace() throws Exception {
        Path directory = Files.createTempDirectory("tagma-bench");
        double written = peers();
        new StatusFigures(figures).measure();
        try (ClusterBench bench = new ClusterBench(directory.resolve("one"), 1)) {
            for (ClusterBench.Cost cost : bench.costs()) {
                figures.add(
                        cost.role() + ": start to ready / RSS when ready",
                        String.format(Locale.ROOT, "%s / %d MiB", millis(cost.startNanos()), cost.idleBytes() >> 20),
                        "");
            }
            bench.missionsPerSecond(WARM_UP);
            long[] first = bench.applyToFirstCall(ONE_BY_ONE);
            figures.add(
                    "apply to first model call, p50 / p99",
                    millis(percentile(first, 50)) + " / " + millis(percentile(first, 99)),
                    "goal 50 / 250 ms");
            ClusterCosts before = ClusterCosts.now(bench.cluster());
            double rate = bench.missionsPerSecond(AT_ONCE);
            ClusterCosts after = ClusterCosts.now(bench.cluster());
            figures.add(
                    "missions of one step, applied at once, until the last status says Succeeded",
                    rate(rate),
                    ratio(rate, written) + " of those that are only written");
            figures.add("a mission's requests to the API server", after.requestsPerMission(before, AT_ONCE), "");
            figures.add("a mission's CPU ms", after.cpuPerMission(before, AT_ONCE), "");
        }
    }

    /** The operator that knows 10,000 missions. */
    void memory() throws Exception {
        try (ClusterBench bench = new ClusterBench(Files.createTempDirectory("tagma-bench"), 1)) {
            bench.missionsPerSecond(MANY);
            ClusterBench.Memory memory = bench.operatorMemory();
            figures.add(
                    "operator at 10,000 missions: RSS / live heap",
                    String.format(
                            Locale.ROOT, "%d MiB / %d MiB", memory.residentBytes() >> 20, memory.liveBytes() >> 20),
                    "");
        }
    }

    /** Another gateway dispatches. */
    void takeover() throws Exception {
        try (ClusterBench bench = new ClusterBench(Files.createTempDirectory("tagma-bench"), 2)) {
            bench.missionsPerSecond(WARM_UP);
            long[] takeovers = new long[5];
            for (int i = 0; i < takeovers.length; i++) {
                takeovers[i] = bench.takeoverNanos();
            }
            Arrays.sort(takeovers);
            figures.add(
                    "SIGKILL of the gateway that dispatches to the next model call, median / worst of 5",
                    millis(takeovers[2]) + " / " + millis(takeovers[4]),
                    "goal 3,000 ms");
        }
    }

    private double peers() throws Exception {
        try (Cluster cluster = Cluster.own()) {
            cluster.applyCrds();
            ApiServerFigures alone = new ApiServerFigures(cluster);
            alone.creates(cluster.newNamespace("warm"), WARM_UP);
            String namespace = cluster.newNamespace("alone");
            double creates = alone.creates(namespace, AT_ONCE);
            double bare = alone.bareReconciles(namespace, AT_ONCE);
            figures.add("missions created where nobody reads them", rate(creates), "the API server alone");
            figures.add(
                    "reconciles of a bare controller, a status each",
                    rate(bare),
                    ratio(bare, creates) + " of the creates");
            double written = alone.written(cluster.newNamespace("written"), AT_ONCE);
            figures.add(
                    "missions created, marked and given a last status, by a client that does nothing else",
                    rate(written),
                    ratio(written, creates) + " of the creates");
            return written;
        }
    }
}

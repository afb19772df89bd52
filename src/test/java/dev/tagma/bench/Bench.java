package dev.tagma.bench;

import static dev.tagma.bench.Figures.millis;
import static dev.tagma.bench.Figures.rate;
import static dev.tagma.bench.Figures.ratio;

import dev.tagma.app.EmbeddedBench;
import dev.tagma.app.ProcessBench;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import dev.tagma.store.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** `make bench`: every figure of docs/benchmarks.md, both sides of a ratio in the same run. */
public final class Bench {
    private static final Duration SLICE = Duration.ofSeconds(5);
    /** Missions of a round, and rounds until the compiler is done with the hot paths. */
    private static final int ROUND = 10_000;

    private static final int WARM_UP = 8;
    private static final int ROUNDS = 5;
    private static final Set<String> PARTS =
            Set.of("store", "missions", "memory", "processes", "cluster", "operator", "takeover", "rest");

    private final Figures figures = new Figures();

    private Bench() {}

    /** Runs the named parts, or all. */
    public static void main(String[] args) throws Exception {
        Bench bench = new Bench();
        Set<String> wanted = args.length == 0 ? PARTS : Set.of(args);
        if (!PARTS.containsAll(wanted)) {
            throw new IllegalArgumentException("PARTS are some of " + PARTS + ", not " + wanted);
        }
        if (wanted.contains("store")) {
            bench.store();
        }
        if (wanted.contains("missions")) {
            bench.missions();
        }
        if (wanted.contains("memory")) {
            bench.memory();
        }
        if (wanted.contains("processes")) {
            bench.processes();
        }
        if (wanted.contains("cluster")) {
            new ClusterFigures(bench.figures).pace();
        }
        if (wanted.contains("operator")) {
            new ClusterFigures(bench.figures).memory();
        }
        if (wanted.contains("takeover")) {
            new ClusterFigures(bench.figures).takeover();
        }
        if (wanted.contains("rest")) {
            new RestFigures(bench.figures).measure();
        }
        System.out.println();
        System.out.println(bench.figures.table());
        System.exit(0);
    }

    private void store() throws Exception {
        DatabaseSettings database = TestPostgres.shared().fresh();
        PlainCommits plain = new PlainCommits(database);
        try (PostgresStore store = PostgresStore.open(database)) {
            StoreFigures tagma = new StoreFigures(store);
            plain.perSecond(8, Duration.ofSeconds(2));
            tagma.stepsPerSecond(64, SLICE);
            for (int side : new int[] {1, 8, 64}) {
                double peer = plain.perSecond(side, SLICE);
                String tool = plain.pgbench(side, SLICE).stream()
                        .mapToObj(rate -> ", pgbench " + rate(rate))
                        .findFirst()
                        .orElse("");
                double steps = tagma.stepsPerSecond(side, SLICE);
                figures.add(
                        "committed steps, " + side + " missions",
                        rate(steps),
                        "plain commits on " + side + " connections " + rate(peer) + ": " + ratio(steps, peer) + tool);
            }
            double thousand = tagma.stepsPerSecond(1000, SLICE);
            figures.add("committed steps, 1000 missions", rate(thousand), "");
            long ten = tagma.resumeNanos(10);
            long tenThousand = tagma.resumeNanos(10_000);
            figures.add("resume at 10 steps, p50", millis(ten), "");
            figures.add("resume at 10,000 steps, p50", millis(tenThousand), ratio(tenThousand, ten) + " of 10 steps");
        }
    }

    private void missions() throws Exception {
        DatabaseSettings database = TestPostgres.shared().fresh();
        try (EmbeddedBench bench = new EmbeddedBench(database, 1000, "")) {
            double first = rateOf(bench);
            for (int i = 0; i < WARM_UP; i++) {
                bench.run(bench.missions(ROUND));
            }
            Costs before = Costs.now(database);
            double[] rates = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                rates[i] = rateOf(bench);
            }
            Costs after = Costs.now(database);
            Arrays.sort(rates);
            figures.add("3-step missions, end to end, the first 10,000 of the process", rate(first), "");
            figures.add(
                    "3-step missions, end to end, warm: median of " + ROUNDS,
                    rate(rates[ROUNDS / 2]),
                    "at least 2,000/s, goal 8,000/s");
            figures.add("cost of a 3-step mission, warm", after.perMission(before, ROUNDS * ROUND), "");
            long[] serial = bench.serially(300);
            figures.add("one mission at a time, p50 / p99", millis(serial[150]) + " / " + millis(serial[297]), "");
        }
    }

    private static double rateOf(EmbeddedBench bench) {
        return ROUND / (bench.run(bench.missions(ROUND)) / 1e9);
    }

    /** Warm, because a thread's stack is several times larger as long as its frames are the interpreter's. */
    private void memory() {
        int count = 10_000;
        try (EmbeddedBench warm = new EmbeddedBench(TestPostgres.shared().fresh(), 1000, "latency: 5ms")) {
            for (int i = 0; i < WARM_UP; i++) {
                warm.run(warm.missions(ROUND));
            }
        }
        try (EmbeddedBench bench = new EmbeddedBench(TestPostgres.shared().fresh(), count, "latency: 30m")) {
            bench.runAll(bench.missions(count / 20));
            long before = used();
            bench.runAll(bench.missions(count - count / 20));
            long each = (used() - before) / (count - count / 20);
            figures.add(
                    "heap per waiting agent at 10,000 missions, warm",
                    String.format(Locale.ROOT, "%.1f KB", each / 1024.0),
                    "goal 5 KB");
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private void processes() throws Exception {
        Path directory = Files.createTempDirectory("tagma-bench");
        ProcessBench processes = new ProcessBench(directory);
        long[] takeovers = new long[5];
        for (int i = 0; i < takeovers.length; i++) {
            takeovers[i] = processes.takeoverNanos(TestPostgres.shared().fresh());
        }
        Arrays.sort(takeovers);
        figures.add(
                "takeover after SIGKILL: kill to the heir's first commit, median / worst of 5",
                millis(takeovers[2]) + " / " + millis(takeovers[4]),
                "goal 3,000 ms");
        started("tagma --help", processes.run(7, "--help"));
        started("tagma version", processes.run(7, "version"));
        String data = directory.resolve("data").toString();
        processes.run(1, "run", "-f", "samples/hello", "--data", data);
        started(
                "tagma run of an ended mission, with its Postgres",
                processes.run(5, "run", "-f", "samples/hello", "--data", data));
    }

    private void started(String what, ProcessBench.Run run) {
        figures.add(
                what + ": wall time, peak RSS",
                String.format(Locale.ROOT, "%.0f ms, %d MiB", run.nanos() / 1e6, run.peakKiB() / 1024),
                "");
    }
}

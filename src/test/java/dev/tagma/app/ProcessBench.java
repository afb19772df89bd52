package dev.tagma.app;

import dev.tagma.mission.MissionRecord;
import dev.tagma.store.DatabaseSettings;
import dev.tagma.store.PostgresStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The program as processes: how fast one takes over from another, how fast it starts, how much memory it takes. */
public final class ProcessBench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;

    /** Works in {@code directory}, which the caller removes. */
    public ProcessBench(Path directory) {
        this.directory = directory;
    }

    /**
     * Nanoseconds from the SIGKILL of the process that owns a mission to the first step that another process commits for it.
     *
     * @param database fresh for each call
     */
    public long takeoverNanos(DatabaseSettings database) throws IOException {
        Path manifests = Files.writeString(
                directory.resolve("long.yaml"),
                Manifests.pool("""
                                - when: {turn: 0..998}
                                  latency: 20ms
                                  reply: {toolCalls: [{tool: calculator, arguments: {expression: "1 + {{turn}}"}}]}
                                - reply: {text: "done"}
                                """, "- {name: calculator, builtin: Calculator}", "calculator")
                        + Manifests.mission("long", "{goal: Count., maxIterations: 1000, timeout: 30m}"));
        String url = database.url().replaceFirst("jdbc:postgresql://", "postgresql://" + database.user() + "@");
        String[] arguments = {"run", "-f", manifests.toString(), "--database", url};
        Path output = Files.createTempFile(directory, "takeover", ".log");
        try (PostgresStore store = PostgresStore.open(database);
                Worker owner = Worker.tagma(output, arguments)) {
            await(() -> seq(store) > 4);
            MissionRecord mission = mission(store);
            try (Worker heir = Worker.tagma(output, arguments)) {
                await(() -> store.instances().live(mission.pool()).size() == 2);
                long killed = System.nanoTime();
                owner.kill();
                await(() -> epoch(store) > mission.epoch());
                return System.nanoTime() - killed;
            }
        }
    }

    private static MissionRecord mission(PostgresStore store) {
        return store.missions().changes(0, 10).getFirst();
    }

    private static long seq(PostgresStore store) {
        List<MissionRecord> missions = store.missions().changes(0, 10);
        return missions.isEmpty()
                        || store.steps().tail(missions.getFirst().id()).steps().isEmpty()
                ? 0
                : store.steps().tail(missions.getFirst().id()).steps().getLast().seq();
    }

    private static long epoch(PostgresStore store) {
        return store.steps().tail(mission(store).id()).steps().getLast().epoch();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + PATIENCE);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /**
     * A run of the packaged program.
     *
     * @param nanos wall time
     * @param peakKiB largest resident set of its process
     */
    public record Run(long nanos, long peakKiB) {}

    /** The median of {@code times} runs of {@code target/tagma} with these arguments; throws where one fails. */
    public Run run(int times, String... arguments) throws IOException, InterruptedException {
        Run[] runs = new Run[times];
        for (int i = 0; i < times; i++) {
            runs[i] = run(arguments);
        }
        Arrays.sort(runs, (a, b) -> Long.compare(a.nanos, b.nanos));
        return runs[times / 2];
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of("target", "tagma").toAbsolutePath().toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Path output = Files.createTempFile(directory, "run", ".log");
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        long peak = 0;
        while (process.isAlive()) {
            peak = Math.max(peak, peakKiB(process.pid()));
            LockSupport.parkNanos(2_000_000);
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed:\n" + Files.readString(output));
        }
        return new Run(System.nanoTime() - begun, peak);
    }

    private static long peakKiB(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}

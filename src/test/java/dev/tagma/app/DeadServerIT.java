package dev.tagma.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded Postgres is killed under a run. */
@Timeout(120)
class DeadServerIT {
    private static final int TURNS = 40;

    @TempDir
    private Path directory;

    @Test
    void missionsGoOnWithTheServerThatIsStartedAgain() throws Exception {
        Path output = Files.createFile(directory.resolve("output.log"));
        Path data = directory.resolve("data");
        try (Witness witness = new Witness(directory.resolve("witness"), Duration.ofMillis(20))) {
            Path manifests = Files.writeString(
                    directory.resolve("missions.yaml"),
                    Manifests.payments(witness, TURNS) + Manifests.mission("m", "{goal: Pay., maxIterations: 100}"));
            try (Worker worker = Worker.tagma(output, "run", "-f", manifests.toString(), "--data", data.toString())) {
                for (int death = 1; death <= 2; death++) {
                    int wanted = 8 * death;
                    Rig.waiting(Duration.ofSeconds(60))
                            .until(() -> witness.calls().size() >= wanted);
                    long pid = Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                            .getFirst());
                    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                }
                int code = worker.exit(60);
                assertThat(code).as("%s", worker.printed()).isZero();
                assertThat(worker.printed())
                        .containsPattern("Postgres in .* has died and is started again")
                        .containsPattern("Postgres in .* runs again");
            }
            assertThat(witness.calls()).hasSize(TURNS);
            assertThat(witness.calls().stream().map(Witness.Call::key)).doesNotHaveDuplicates();
        }
    }
}
